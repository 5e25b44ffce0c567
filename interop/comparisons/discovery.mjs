// Compares the plugin addresses that both implementations return for the same random endpoints.
import { HostDiscovery as Theirs } from '@backstage/backend-defaults/discovery';
import { ConfigReader } from '@backstage/config';
import { HostDiscovery as Ours } from '@greenroom/backend-defaults/discovery';
import { randomChoices } from '../lib/randomChoices.mjs';

const logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => logger };
const urls = [
  ...['http://a/api/{{pluginId}}', 'http://b/api/{{ pluginId }}', 'http://c/{{  pluginId  }}/{{pluginId}}'],
  ...['https://d:8/x', 'http://e', 'http://{{pluginId}}.f/api'],
];
const listens = [undefined, ':80', '127.0.0.1:80', '0.0.0.0:80', 'localhost:80', 'host:80', '80'];
const listenObjects = [
  { port: 8 },
  { host: '::1', port: 8 },
  { host: '::', port: 8 },
  { host: 'h', port: '8' },
];
const baseUrls = ['http://base:80', 'https://base/', 'http://base:80/sub', 'http://base/sub/'];

/** Yields a text for each difference. */
export async function* compare(count) {
  for (let seed = 1; seed <= count; seed++) {
    const data = randomConfiguration(randomChoices(seed));
    const make = Discovery => Discovery.fromConfig(new ConfigReader(data), { logger });
    const [here, there] = await Promise.all([make(Ours), make(Theirs)].map(addresses));
    if (here !== there) yield `seed ${seed}: ${JSON.stringify(data)}\nhere: ${here}\nthere: ${there}`;
  }
}

function randomConfiguration({ below, chance, pick, some }) {
  const target = () => {
    const kind = pick(['both', 'internal', 'external', 'two']);
    if (kind === 'both') return pick(urls);
    return {
      ...(kind !== 'external' && { internal: pick(urls) }),
      ...(kind !== 'internal' && { external: pick(urls) }),
    };
  };
  const endpoints = Array.from({ length: below(4) }, () => ({
    target: target(),
    plugins: chance(0.2) ? ['*'] : some(['a', 'b', 'c', '*'], 3),
  }));
  const listen = pick([...listens, ...listenObjects]);
  const https = chance(0.2) && { https: { certificate: { cert: 'c', key: 'k' } } };
  return { backend: { baseUrl: pick(baseUrls), listen, ...https }, discovery: { endpoints } };
}

async function addresses(discovery) {
  const all = ['a', 'b', 'c', 'd e'].flatMap(id => [
    discovery.getBaseUrl(id),
    discovery.getExternalBaseUrl(id),
  ]);
  return (await Promise.all(all)).join(' ');
}
