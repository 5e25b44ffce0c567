// Which texts show a secret of the configuration, and which addresses are none.
import type { JsonValue } from '@backstage/types';
import { secretStrings } from './secretStrings';

it.each<[JsonValue | undefined, string[]]>([
  ['hunter2', ['hunter2']],
  ['user:hunter2', ['user:hunter2']],
  [1234, ['1234']],
  [{ user: '', password: 'hunter2' }, ['hunter2']],
  [{ keys: [{ secret: 'one' }, ['two', 3]] }, ['one', 'two', '3']],
  ...[undefined, null, true, {}, [], '', { user: '', password: '' }].map(
    (nothing): [JsonValue | undefined, string[]] => [nothing, []],
  ),
  ['https://hooks.example/T0/B1', ['https://hooks.example/T0/B1']],
  ['http://hooks.example/T0/B1', ['http://hooks.example/T0/B1']],
  ['redis://cache.example:6379/0', []],
  ['redis://user@cache.example', []],
  ['redis://cache.example?password=hunter2', ['redis://cache.example?password=hunter2']],
  ['redis://:p%40ss@cache.example', ['redis://:p%40ss@cache.example', 'p%40ss', 'p@ss']],
  ['redis://:100%@cache.example', ['redis://:100%@cache.example', '100%']],
])('finds in %j: %j', (value, expected) => {
  expect(secretStrings(value)).toEqual(expected);
});
