// Sends requests of one kind to a catalog over ten connections, and measures the throughput and the response times.
import { ask, headers } from './askCatalog.mjs';

const connections = 10;

/**
 * Returns `{ perSecond, p99Ms, cpuUs }`, measured for `seconds` seconds after some warm-up requests. Throws if a
 * response does not pass the check of its request, or if responses under load are shorter than before.
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
  // Response heads are included in the bytes; the bodies are the same each time, in turn.
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
  // Imported here, because scenarios are loaded before the peers are installed.
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
