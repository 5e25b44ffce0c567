// Makes the same random calls to the caches of both implementations.
import { CacheManager } from '@backstage/backend-defaults/cache';
import { ConfigReader } from '@backstage/config';
import { PluginCaches } from '@greenroom/backend-defaults/cache';
import { setTimeout } from 'node:timers/promises';
import { randomChoices } from '../lib/randomChoices.mjs';

const logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => logger };
const callsEach = 25;
const keys = [
  'a',
  'b',
  'a:b',
  '',
  'ü✓',
  'x'.repeat(300),
  'a b\n',
  '__proto__',
  'toString',
  '*',
  '{t}a',
  '::',
];
const values = [
  ...[1, 0, -0, 1e21, NaN, Infinity, '', 'text', 'undefined', ':base64:aGk=', ':x', '\u2028\ud800', true],
  ...[false, null, undefined, [], {}, { a: { b: [1, null, { c: undefined }] } }, new Date(0), [[[[1]]]]],
  ...[JSON.parse('{"__proto__":{"x":1}}'), { value: 1, expires: 1 }, 'x'.repeat(50_000), new Map([[1, 2]])],
];
const timesToLive = [undefined, undefined, undefined, 0, 40, { milliseconds: 40 }, { seconds: 0.04 }];
const longTimesToLive = [{}, { minutes: 1 }, { minutes: 0 }, 60_000];

/** Yields a text for each difference. */
export async function* compare(count) {
  const config = new ConfigReader({ backend: { cache: { store: 'memory' } } });
  const [here, there] = [await PluginCaches.create({ config, logger }), CacheManager.fromConfig(config)];
  for (let seed = 1; seed <= count / callsEach; seed++) {
    const choices = randomChoices(seed);
    const [ours, theirs] = [here, there].map(caches => [caches.forPlugin(`p${seed % 3}`)]);
    const calls = [];
    for (let nr = 0; nr < callsEach; nr++) {
      if (choices.chance(0.05)) await setTimeout(60);
      if (choices.chance(0.05)) addWithOptions(choices, ours, theirs);
      const { told, call } = randomCall(choices);
      const which = choices.below(ours.length);
      calls.push(told);
      const [mine, published] = [await call(ours[which]), await call(theirs[which])].map(gave =>
        JSON.stringify(gave),
      );
      if (mine !== published) yield `${calls.join('; ')}\nhere: ${mine}\nthere: ${published}`;
    }
  }
  await here.close();
}

function randomCall({ below, pick }) {
  const key = pick(keys);
  const kind = below(10);
  if (kind === 0) return { told: `delete ${key}`, call: cache => cache.delete(key) };
  if (kind < 6) return { told: `get ${key}`, call: cache => cache.get(key) };
  const [value, ttl] = [pick(values), pick([...timesToLive, ...longTimesToLive])];
  const told = `set ${key} to ${JSON.stringify(value)} for ${JSON.stringify(ttl)}`;
  return { told, call: cache => cache.set(key, value, { ttl }) };
}

function addWithOptions({ pick }, ours, theirs) {
  const options = { defaultTtl: pick([...timesToLive, ...longTimesToLive]) };
  for (const caches of [ours, theirs]) caches.push(caches[0].withOptions(options));
}
