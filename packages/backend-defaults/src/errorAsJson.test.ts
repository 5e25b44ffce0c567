// Errors with fields that JSON has no form for.
import type { ErrorLike } from '@backstage/errors';
import { errorAsJson } from './errorAsJson';

const withField = (value: unknown): ErrorLike =>
  Object.assign(new TypeError('too large') as ErrorLike, { value });

it('writes fields as JSON has them', () => {
  const error = withField({ at: new Date(0), size: 2n ** 64n });
  error.cause = withField([1n]);
  expect(errorAsJson(error)).toEqual({
    name: 'TypeError',
    message: 'too large',
    value: { at: '1970-01-01T00:00:00.000Z', size: '18446744073709551616' },
    cause: { name: 'TypeError', message: 'too large', value: ['1'] },
  });
});

it('marks circles', () => {
  const error = withField(undefined);
  error.value = { error };
  error.cause = error;
  expect(errorAsJson(error)).toMatchObject({ value: { error: '[Circular]' }, cause: '[Circular]' });
});

it.each([
  [
    'a field that throws when it is read',
    Object.defineProperty(withField(1), 'field', {
      enumerable: true,
      get() {
        throw new Error('not now');
      },
    }),
  ],
  [
    'a field that fails to become JSON',
    withField({
      toJSON() {
        throw new Error('not now');
      },
    }),
  ],
])('keeps name and message of an error with %s', (_name, error) => {
  expect(errorAsJson(error)).toEqual({ name: 'TypeError', message: 'too large' });
});

it('adds the stack and leaves fields out where it is told to', () => {
  const told = errorAsJson(withField(1), { includeStack: true, omit: ['value'] });
  expect(told).toEqual({ name: 'TypeError', message: 'too large', stack: expect.stringContaining('at ') });
});
