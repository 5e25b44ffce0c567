// Tests which secrets are new to those who add them, which are left out, and when the masking begins.
import { SecretRedactor } from './SecretRedactor';

it('masks nothing until there are secrets, then also those that are added after a text was masked', () => {
  const redactor = new SecretRedactor();
  expect(redactor.redact('first second')).toBe('first second');
  redactor.add(['first']);
  expect(redactor.redact('first second')).toBe('*** second');
  redactor.add(['second']);
  expect(redactor.redact('first second')).toBe('*** ***');
});

it('says whether there was a new one, since work is done again because of it', () => {
  const redactor = new SecretRedactor(['public']);
  expect(redactor.add(['known'])).toBe(true);
  expect(redactor.add(['known', ' known\n', 'x', ' ', '', ' public '])).toBe(false);
  expect(redactor.add([])).toBe(false);
  expect(redactor.add(['known', 'new'])).toBe(true);
  expect(redactor.redact('public x known new')).toBe('public x *** ***');
});
