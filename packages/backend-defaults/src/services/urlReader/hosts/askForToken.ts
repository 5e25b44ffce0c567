// One request to a git host on the way to a token, of which each failure says what to check and none what was sent.
import { isObject } from '../../../isObject';
import { reasonOfFetch } from '../../../remote/reasonOf';
import { UrlReadError } from '../urlReaderErrors';

/** Options of {@link askForToken}. */
export interface AskForTokenOptions {
  /** Such as `GitHub`, for messages. */
  host: string;
  /** Such as `the app`, for messages. */
  client: string;
  /** Milliseconds that the whole answer may take. */
  timeout: number;
  /** What to check if the host refuses. */
  hint: string;
}

/** Returns the JSON object that the host answers with. Rejects with `UrlReadError`, which has the status of a refusal. */
export async function askForToken(
  url: URL,
  request: RequestInit,
  { host, client, timeout, hint }: AskForTokenOptions,
): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(timeout);
  let text: string;
  try {
    const response = await fetch(url, { ...request, signal });
    const { ok, status, body } = response;
    if (!ok) {
      await body?.cancel();
      throw new UrlReadError(url, `${host} answered ${client} with ${status}`, { hint, status });
    }
    text = await response.text();
  } catch (error) {
    if (error instanceof UrlReadError) throw error;
    throw signal.aborted
      ? new UrlReadError(url, `${host} sent ${client} no whole answer within ${timeout} ms`, {
          hint: 'Try again, or raise backend.reading.timeout.',
        })
      : new UrlReadError(url, reasonOfFetch(error), { hint, cause: error });
  }
  try {
    const json: unknown = JSON.parse(text);
    if (isObject(json)) return json;
  } catch {
    // Without the cause, which quotes the answer.
  }
  throw new UrlReadError(url, `${host} answered ${client} with something that is not a JSON object`, {
    hint,
  });
}
