// Sends requests to servers, taking turns between them, and counts what they serve a second.
import autocannon from 'autocannon';
import { summarize } from './statistics.mjs';

const connections = 50;

/**
 * The requests a second of each target `{ url, headers }`, in their order: the median of `rounds` slices of `seconds`, in each
 * of which every target has its turn, after one to warm up. Throws when an answer was not 200.
 */
export async function loadServers(targets, { rounds = 3, seconds = 2 } = {}) {
  const rates = targets.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, target] of targets.entries()) {
      const rate = await load(target, seconds);
      if (round > 0) rates[at].push(rate);
    }
  }
  return rates.map(samples => summarize(samples).median);
}

async function load({ url, headers = {} }, seconds) {
  const { duration, non2xx, errors, timeouts, ...result } = await autocannon({
    url,
    headers,
    connections,
    duration: seconds,
  });
  const served = result['2xx'];
  if (non2xx + errors + timeouts > 0 || served === 0) {
    throw new Error(
      `${url}: ${served} answers were fine, ${non2xx} not, ${errors} errors, ${timeouts} timeouts`,
    );
  }
  return served / duration;
}
