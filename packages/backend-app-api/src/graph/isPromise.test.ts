// Tests of telling promises from plain values.
import { isPromise } from './isPromise';

const then = () => {};

it.each<[string, unknown, boolean]>([
  ['a promise', Promise.resolve(), true],
  ['an object with then', { then }, true],
  ['a function with then', Object.assign(() => {}, { then }), true],
  ['a function', () => {}, false],
  ['null', null, false],
  ['undefined', undefined, false],
  ['a string', 'then', false],
  ['an object whose then is no function', { then: true }, false],
])('%s', (_, value, expected) => {
  expect(isPromise(value)).toBe(expected);
});

it('leaves a string alone even where strings have been given a then', () => {
  Object.defineProperty(String.prototype, 'then', { value: then, configurable: true });
  try {
    expect(isPromise('text')).toBe(false);
  } finally {
    delete (String.prototype as { then?: unknown }).then;
  }
});
