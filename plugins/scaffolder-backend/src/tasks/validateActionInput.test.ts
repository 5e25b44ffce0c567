// Which schemas an action may have.
import type { ActionJsonSchema } from '@greenroom/plugin-scaffolder-node';
import { validateActionInput } from './validateActionInput';

const step = { id: 'one', action: 'test:one' };
const validate = (input: ActionJsonSchema) =>
  validateActionInput({ id: 'test:one', schema: { input }, handler: async () => {} }, step, { text: 5 });

it.each([
  ['that says its draft', { $schema: 'http://json-schema.org/draft-07/schema#' }],
  ['of the draft that zod 4 writes', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
  ['with an id', { $id: 'https://example.com/echo' }],
  ['with the id of another one', { $id: 'https://example.com/echo' }],
])('validates by a schema %s', (_what, more) => {
  const schema = { ...more, type: 'object', properties: { text: { type: 'string' } } };
  for (const same of [schema, schema]) {
    expect(() => validate(same)).toThrow(
      "The input of step 'one' does not fit its action 'test:one': input.text must be string",
    );
  }
});
