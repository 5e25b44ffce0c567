// Tests which words of an error say why a server can't be reached.
import { reasonOf, reasonOfFetch } from './reasonOf';

const several = new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1.')], '');

it.each<[unknown, string]>([
  [new Error('it is gone.'), 'it is gone'],
  [new Error('1.2.3.4 is gone'), '1.2.3.4 is gone'],
  [several, 'refused by ::1, refused by 127.0.0.1'],
  [new AggregateError([new Error('a')], 'its own'), 'its own'],
  [new Error(''), 'Error'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
])('is what %p says, without a full stop', (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});

it.each<[string, unknown, string]>([
  [
    'its cause',
    new TypeError('fetch failed', { cause: new Error('other side closed.') }),
    'other side closed',
  ],
  ['the causes of each address', new TypeError('fetch failed', { cause: several }), reasonOf(several)],
  ['fetch where it knows no more', new TypeError('Failed to parse URL'), 'Failed to parse URL'],
  ['another error, whatever caused that', new Error('too slow', { cause: new Error('x') }), 'too slow'],
  ['nothing', undefined, 'undefined'],
])('is, of a fetch that failed, what is said by %s', (_, error, reason) => {
  expect(reasonOfFetch(error)).toBe(reason);
});
