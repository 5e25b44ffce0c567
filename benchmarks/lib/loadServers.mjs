// Sends requests to several servers in turn, and measures their throughput.
import { summarize } from './statistics.mjs';

const connections = 50;
const rounds = 5;
const seconds = 1;

/**
 * Returns `{ perSecond, cpuUs }` for each target `{ server, path, headers }`, in order: requests per second, and
 * processor time of the server per request. Both are medians of five slices of a second, in which the targets take
 * turns, after one slice to warm up. Throws if a response was not 200.
 */
export async function loadServers(targets) {
  const slices = targets.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, target] of targets.entries()) {
      const slice = await load(target);
      if (round > 0) slices[at].push(slice);
    }
  }
  return slices.map(measured => ({
    perSecond: summarize(measured.map(({ perSecond }) => perSecond)).median,
    cpuUs: summarize(measured.map(({ cpuUs }) => cpuUs)).median,
  }));
}

async function load({ server, path, headers = {} }) {
  // Imported here, because scenarios are loaded before the peers are installed.
  const { default: autocannon } = await import('autocannon');
  const url = server.url + path;
  const before = await server.usage();
  const result = await autocannon({ url, headers, connections, duration: seconds });
  const after = await server.usage();
  const { duration, non2xx, errors, timeouts, '2xx': served } = result;
  if (non2xx + errors + timeouts > 0 || served === 0) {
    throw new Error(
      `${url}: ${served} answers were fine, ${non2xx} not, ${errors} errors, ${timeouts} timeouts`,
    );
  }
  return { perSecond: served / duration, cpuUs: (after.cpuUs - before.cpuUs) / served };
}
