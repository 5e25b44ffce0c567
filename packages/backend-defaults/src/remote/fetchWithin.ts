// Sends requests to other backends, and gives up on one that accepts them and never answers.
import { fetchDurably, type FetchDurablyInit } from '@greenroom/backend-plugin-api';
import { markOutage } from './outages';
import { DeadlinePassed } from './withDeadline';

/**
 * Like `fetchDurably`, but rejects with `DeadlinePassed`, which counts as an outage, if there is no complete answer
 * within the given time, over all attempts. Without a limit, fetch waits for five minutes.
 */
export async function fetchWithin(
  milliseconds: number,
  url: string,
  init: FetchDurablyInit = {},
): Promise<Response> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    return await fetchDurably(url, { ...init, signal });
  } catch (error) {
    throw error === signal.reason ? markOutage(new DeadlinePassed(milliseconds)) : error;
  }
}
