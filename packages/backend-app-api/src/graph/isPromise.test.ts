// Tests of distinguishing promises from plain values.
import { isPromise } from './isPromise';

/** An object of which `then` is this value. */
// oxlint-disable-next-line unicorn/no-thenable -- thenables are what is told apart here
const withThen = (then: unknown) => Object.fromEntries([['then', then]]);

it.each<[string, unknown, boolean]>([
  ['a promise', Promise.resolve(), true],
  ['an object with then', withThen(() => {}), true],
  [
    'a function with then',
    Object.assign(
      () => {},
      withThen(() => {}),
    ),
    true,
  ],
  ['a function', () => {}, false],
  ['null', null, false],
  ['undefined', undefined, false],
  ['a string', 'then', false],
  ['an object whose then is no function', withThen(true), false],
])('%s', (_, value, expected) => {
  expect(isPromise(value)).toBe(expected);
});
