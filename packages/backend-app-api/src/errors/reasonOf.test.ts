// Tests of the wording for whatever was thrown, and where.
import { runInNewContext } from 'node:vm';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import { because, EngineReason, listed, reasonOf, thrownAt } from './reasonOf';

const ownError = new GreenroomError({
  code: 'GR_TEST',
  message: 'The port is taken',
  place: 'src/a.ts:1:2',
  hint: 'Free it.',
  cause: new Error('EADDRINUSE'),
});

it.each([
  ['an error, without its full stop', new Error('no luck.'), 'no luck'],
  ['an error that trails off', new Error('no luck...'), 'no luck...'],
  ['an error without a message', new TypeError(), 'TypeError'],
  ['an error of another realm', runInNewContext(`new Error('no luck.')`), 'no luck'],
  ['a string', 'no luck', "the string 'no luck' was thrown"],
  ['nothing', undefined, 'undefined was thrown'],
  ['several errors in one', new AggregateError([new Error('one.'), new Error('two')]), 'one, two'],
  [
    'an aggregate with a message of its own',
    new AggregateError([new Error('one')], 'all failed'),
    'all failed',
  ],
  [
    'the causes behind an error',
    chain('start', 'connect', 'refused'),
    'start, caused by: connect, caused by: refused',
  ],
  [
    'a cause that the message contains',
    new Error('start: refused', { cause: new Error('refused') }),
    'start: refused',
  ],
  [
    'a cause that is not an error',
    new Error('start', { cause: { code: 1 } }),
    'start, caused by: an object with code was thrown',
  ],
  ['an error of our own, without hint and cause', ownError, 'The port is taken (src/a.ts:1:2)'],
])('words %s', (_, thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

function chain(...messages: string[]): Error {
  const [first, ...rest] = messages;
  return new Error(first, rest.length > 0 ? { cause: chain(...rest) } : undefined);
}

it('ends after four causes, and at a cycle of causes', () => {
  expect(reasonOf(chain('a1', 'b2', 'c3', 'd4', 'e5'))).toBe(
    'a1, caused by: b2, caused by: c3, caused by: d4',
  );
  const one = new Error('one');
  one.cause = new Error('two', { cause: one });
  expect(reasonOf(one)).toBe('one, caused by: two');
});

it('puts several lines below, and entries of lists one below the other', () => {
  expect(because('short')).toBe(': short');
  expect(because('one\ntwo')).toBe(':\n  one\n  two');
  expect(`Reasons:${listed(['one', 'two\nthree'])}`).toBe('Reasons:\n  - one\n  - two\n    three');
});

it('names the first place outside of installed packages, if it has a place', () => {
  const error = new Error('no luck');
  error.stack = [
    'Error: no luck',
    '    at query (/app/node_modules/knex/lib/client.js:1:2)',
    '    at init (/app/src/plugin.ts:3:4)',
    '    at main (/app/src/index.ts:5:6)',
  ].join('\n');
  expect(thrownAt(error)).toBe('It was thrown at /app/src/plugin.ts:3:4.');
  error.stack = 'Error: no luck\n    at query (/app/node_modules/knex/lib/client.js:1:2)';
  expect(thrownAt(error)).toBe('It was thrown at /app/node_modules/knex/lib/client.js:1:2.');
  error.stack = undefined;
  expect(thrownAt(error)).toBe('');
  expect(thrownAt('no luck')).toBe('');
  expect(thrownAt(new EngineReason('it gave nothing'))).toBe('');
});

it.each([
  ['file:///app/src/my%20plugin.mjs:3', '/app/src/my plugin.mjs:3'],
  ['/app/src/plugin.cjs:3', '/app/src/plugin.cjs:3'],
  ['C:\\app\\plugin.cjs:3', 'C:\\app\\plugin.cjs:3'],
])('names the file with the syntax error, with which Node begins the stack: %s', (first, place) => {
  const error = new SyntaxError('Unexpected token');
  error.stack = `${first}\nconst = 1\n      ^\n\nSyntaxError: Unexpected token\n    at load (/app/node_modules/tool/load.js:1:2)`;
  expect(thrownAt(error)).toBe(`It was thrown at ${place}.`);
});

it('takes an address at the end of a message for no file', () => {
  const error = new Error('connect ECONNREFUSED 127.0.0.1:5432');
  error.stack = `${error.message}\n    at connect (/app/src/plugin.ts:3:4)`;
  expect(thrownAt(error)).toBe('It was thrown at /app/src/plugin.ts:3:4.');
});

it('names no installed tool if the message names the place, as those of compilers do', () => {
  const error = new Error(
    'Transform failed with 1 error:\n/app/src/plugin.ts:2:0: ERROR: Unexpected end of file',
  );
  const frames = '    at transform (/app/node_modules/esbuild/lib/main.js:1:2)';
  error.stack = `Error: ${error.message}\n${frames}`;
  expect(thrownAt(error)).toBe('');
  error.stack = `Error: ${error.message}\n${frames}\n    at init (/app/src/compile.ts:3:4)`;
  expect(thrownAt(error)).toBe('It was thrown at /app/src/compile.ts:3:4.');
});
