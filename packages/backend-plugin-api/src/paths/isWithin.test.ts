// Tests of comparing paths by their text, with the rules of both platforms.
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { isWithin } from './isWithin';

it.each([
  ['/a', '/a', true],
  ['/a', '/a/b', true],
  ['/a/', '/a/b/c', true],
  ['/', '/a', true],
  ['/a', '/ab', false],
  ['/a', '/', false],
  ['/a/b', '/a/c', false],
  ['/a', '/a/..b', true],
  ['/a', '/a/..', false],
  ['/a', '/a/...', true],
])('POSIX: %s holds %s: %s', (base, path, expected) => {
  expect(isWithin(base, path, posix)).toBe(expected);
});

it.each([
  ['C:\\a', 'C:\\a\\b', true],
  ['C:\\a', 'c:\\A\\b', true],
  ['C:\\a', 'D:\\a\\b', false],
  ['C:\\a', 'C:\\ab', false],
  ['C:\\a', 'C:\\a\\..b', true],
  ['C:\\a', 'C:\\a\\..\\b', false],
  ['C:\\a', '\\\\server\\share\\a', false],
])('Windows: %s holds %s: %s', (base, path, expected) => {
  expect(isWithin(base, path, win32)).toBe(expected);
});

it('agrees with walking up the parents', () => {
  const segment = fc.constantFrom('a', 'b', '..', '.', '..a', 'a..', '...');
  const path = fc.array(segment, { maxLength: 6 }).map(parts => posix.resolve('/', ...parts));
  fc.assert(
    fc.property(path, path, (base, child) => {
      let walked = child;
      while (walked !== base && walked !== '/') walked = posix.dirname(walked);
      expect(isWithin(base, child, posix)).toBe(walked === base);
    }),
  );
});
