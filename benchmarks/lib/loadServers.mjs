// Sends requests to servers, taking turns between them, and counts what they serve a second.
import { summarize } from './statistics.mjs';

const connections = 50;

/**
 * What each target `{ server, path, headers }` serves, in their order: `{ perSecond, cpuUs }`, requests a second and processor time
 * of the server a request, both medians of `rounds` slices of `seconds`, in each of which every target has its turn, after one to
 * warm up. Throws when an answer was not 200.
 */
export async function loadServers(targets, { rounds = 5, seconds = 1 } = {}) {
  const slices = targets.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, target] of targets.entries()) {
      const slice = await load(target, seconds);
      if (round > 0) slices[at].push(slice);
    }
  }
  return slices.map(measured => ({
    perSecond: summarize(measured.map(({ perSecond }) => perSecond)).median,
    cpuUs: summarize(measured.map(({ cpuUs }) => cpuUs)).median,
  }));
}

async function load({ server, path, headers = {} }, seconds) {
  // Here, because the scenarios are read before the peers are installed.
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
