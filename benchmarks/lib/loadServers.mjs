// Sends requests to servers, taking turns between them, and counts what they serve a second.
import autocannon from 'autocannon';
import { summarize } from './statistics.mjs';

const connections = 50;

/**
 * What each target `{ url, headers }` served, in their order: `{ perSecond, served }`. `perSecond` is the median of `rounds` slices
 * of `seconds`, in each of which every target has its turn, after one to warm up; `served` counts that one too. Throws when an
 * answer was not 200.
 */
export async function loadServers(targets, { rounds = 3, seconds = 2 } = {}) {
  const slices = targets.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, target] of targets.entries()) slices[at].push(await load(target, seconds));
  }
  return slices.map(([warmUp, ...measured]) => ({
    perSecond: summarize(measured.map(({ perSecond }) => perSecond)).median,
    served: measured.reduce((sum, { served }) => sum + served, warmUp.served),
  }));
}

async function load({ url, headers = {} }, seconds) {
  const result = await autocannon({ url, headers, connections, duration: seconds });
  const { duration, non2xx, errors, timeouts, '2xx': served } = result;
  if (non2xx + errors + timeouts > 0 || served === 0) {
    throw new Error(
      `${url}: ${served} answers were fine, ${non2xx} not, ${errors} errors, ${timeouts} timeouts`,
    );
  }
  return { served, perSecond: served / duration };
}
