// Sends requests of one kind to a catalog over ten connections, and tells how many it answers a second and how long they take.
import { ask, headers } from './askCatalog.mjs';

const connections = 10;

/**
 * `{ perSecond, p99Ms, cpuUs }` of `seconds` seconds, after some requests to warm up. Throws when an answer is not what the
 * request's check expects, and when one under load is not as long as it was then.
 */
export async function loadCatalog(server, requests, { seconds }) {
  const lengths = [];
  for (const { path, method, body, check } of requests) {
    const answer = await ask(server, `catalog${path}`, { method, body });
    check(answer);
    lengths.push(Buffer.byteLength(JSON.stringify(answer)));
  }
  await load(server, requests, 0.5);
  const before = await server.usage();
  const { served, latencies, bytes, duration } = await load(server, requests, seconds);
  const after = await server.usage();
  // Heads come on top; what is answered is the same each time, in turn.
  const least =
    (Math.min(...lengths) + lengths.reduce((sum, length) => sum + length, 0) / lengths.length) / 2;
  if (bytes / served < least) throw new Error(`${bytes} bytes are too few for ${served} answers`);
  latencies.sort((a, b) => a - b);
  return {
    perSecond: served / duration,
    p99Ms: latencies[Math.ceil(latencies.length * 0.99) - 1],
    cpuUs: (after.cpuUs - before.cpuUs) / served,
  };
}

async function load(server, requests, seconds) {
  // Here, because the scenarios are read before the peers are installed.
  const { default: autocannon } = await import('autocannon');
  const latencies = [];
  let bytes = 0;
  const begin = performance.now();
  const run = autocannon({
    url: server.url,
    connections,
    duration: seconds,
    requests: requests.map(({ method = 'GET', path, body }) => ({
      method,
      path: `/api/catalog${path}`,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })),
  });
  run.on('response', (_client, _status, length, ms) => {
    latencies.push(ms);
    bytes += length;
  });
  const { non2xx, errors, timeouts, '2xx': served } = await run;
  if (non2xx + errors + timeouts > 0 || served === 0) {
    throw new Error(
      `${requests[0].path}: ${served} answers were fine, ${non2xx} not, ${errors} errors, ${timeouts} timeouts`,
    );
  }
  return { served, latencies, bytes, duration: (performance.now() - begin) / 1_000 };
}
