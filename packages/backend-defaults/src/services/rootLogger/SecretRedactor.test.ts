// Tests which secrets are new to those who add them, and which are left out.
import { SecretRedactor } from './SecretRedactor';

it('says whether there was a new one, since work is done again because of it', () => {
  const redactor = new SecretRedactor(['public']);
  expect(redactor.add(['known'])).toBe(true);
  expect(redactor.add(['known', ' known\n', 'x', ' ', '', ' public '])).toBe(false);
  expect(redactor.add([])).toBe(false);
  expect(redactor.add(['known', 'new'])).toBe(true);
  expect(redactor.redact('public x known new')).toBe('public x *** ***');
});
