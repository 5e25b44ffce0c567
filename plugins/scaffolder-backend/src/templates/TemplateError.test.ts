// Tests of how the error of a template ends its sentences.
import { TemplateError } from './TemplateError';

it.each([
  ['Unknown template filter "shout"', 'Unknown template filter "shout". Correct it there.'],
  [
    'Unknown template filter "srot"; did you mean "sort"?',
    'Unknown template filter "srot"; did you mean "sort"? Correct it there.',
  ],
])('says what to do behind: %s', (message, end) => {
  const error = new TemplateError('steps.a.input', { message, line: 1, column: 9 });
  expect(error.message).toBe(`The template at steps.a.input, line 1, column 9 can't be rendered: ${end}`);
});
