// Sends requests to other backends, and repeats them if that is safe, so that an instance that is ending goes unnoticed.
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestUnansweredError } from './RequestUnansweredError';

/**
 * Options of {@link fetchDurably}, in addition to those of `fetch`.
 *
 * @public
 */
export interface FetchDurablyInit extends RequestInit {
  /**
   * Whether the request can safely be carried out several times. Defaults to `true` for GET and HEAD, otherwise
   * `false`.
   */
  repeatable?: boolean;
  /**
   * How often a repeatable request is sent at most. Defaults to 6, with pauses of up to 3 seconds in total unless the
   * server asks for longer ones.
   */
  attempts?: number;
  /**
   * After how many milliseconds, over all attempts, the response is no longer waited for. By default, or with more than
   * 24 days, fetch decides, which waits for five minutes.
   */
  timeoutMs?: number;
}

/** Timers with more milliseconds end at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const FIRST_PAUSE_MS = 100;
/** If a server asks to wait longer than this, the request is not repeated. */
const LONGEST_PAUSE_MS = 5_000;

/** Nothing was sent. */
const notConnected = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
];
const endedEarly = 'HPE_INVALID_EOF_STATE';
const cutOff = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  endedEarly,
];
const passing = new Set<unknown>([...notConnected, ...cutOff]);

/**
 * Like `fetch`, but retries requests to other backends. A repeatable request is retried if the connection fails or is
 * cut off, or if the status is 502, 503 or 504. The delay starts at 100 ms and grows, or is as long as `Retry-After`
 * says; if that is more than 5 seconds, the request is not retried. The response is read completely before it is
 * returned; JSON of unknown length is considered complete only if it can be parsed.
 *
 * If the last attempt gets no response, it rejects with an error with code `GR_REQUEST_UNANSWERED`. If the request is
 * not repeatable, the message says whether it may have been carried out; this includes responses of a proxy with 502 or
 * 504, and those that came too late. If `signal` is aborted, it rejects at once with the signal's reason.
 *
 * @example
 * ```ts
 * const answer = await fetchDurably(`${await discovery.getBaseUrl('search')}/query`, {
 *   method: 'POST',
 *   repeatable: true,
 *   body: JSON.stringify({ term }),
 *   headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
 * });
 * ```
 *
 * @public
 */
export async function fetchDurably(
  input: string | URL | Request,
  init: FetchDurablyInit = {},
): Promise<Response> {
  // Passed to each fetch separately, because garbage collection can make Node lose the signal of a request.
  const given = init.signal ?? (input instanceof Request ? input.signal : undefined);
  const late = timeoutSignal(init.timeoutMs);
  const signal = given && late ? AbortSignal.any([given, late]) : (given ?? late);
  const request = new Request(input, { ...init, signal: null });
  const { repeatable = ['GET', 'HEAD'].includes(request.method), attempts = 6 } = init;
  for (let attempt = 1; ; attempt++) {
    try {
      const outcome = await send(request, signal);
      const pauseMs = repeatable && attempt < attempts ? pauseAfter(outcome, attempt) : undefined;
      if (pauseMs === undefined) return answerOf(outcome, { request, repeatable, attempts: attempt });
      await sleep(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    } catch (error) {
      if (!late?.aborted || error !== late.reason) throw error;
      const { method, url } = request;
      const reason = `it took longer than ${init.timeoutMs} ms`;
      throw new RequestUnansweredError({
        method,
        url,
        attempts: attempt,
        reason,
        mayBeDone: !repeatable,
        cause: error,
      });
    }
  }
}

/** Callers may have worked out what is left of a time: a fraction, or less than nothing. */
function timeoutSignal(milliseconds = Infinity): AbortSignal | undefined {
  if (milliseconds > LONGEST_TIMEOUT_MS) return undefined;
  return AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)));
}

/** Returns the complete response, or the error if there is none. */
async function send(request: Request, signal: AbortSignal | undefined): Promise<Response | Error> {
  try {
    const response = await fetch(request.clone(), { signal });
    const { status, statusText, headers } = response;
    const body = await response.arrayBuffer();
    const hasBody = request.method !== 'HEAD' && status !== 204 && status !== 304;
    if (hasBody) assertWhole(headers, body);
    return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
  } catch (error) {
    signal?.throwIfAborted();
    return error as Error;
  }
}

/**
 * If the connection was to be closed afterwards anyway, Node 20's fetch mistakes a response that was cut off for
 * complete.
 */
function assertWhole(headers: Headers, body: ArrayBuffer): void {
  if (headers.has('content-length') || !headers.get('content-type')?.includes('json')) return;
  const text = new TextDecoder().decode(body);
  // Text that could never become JSON was not cut off. Its reader can report that best.
  if (!/^\s*(?:$|[[{"\dtfn-])/.test(text)) return;
  try {
    JSON.parse(text);
  } catch {
    const cut = Object.assign(new Error('its JSON was cut off'), { code: 'ECONNRESET' });
    throw new TypeError('terminated', { cause: cut });
  }
}

/** In milliseconds; `undefined` if another attempt would not help. */
function pauseAfter(outcome: Response | Error, attempt: number): number | undefined {
  if (!(outcome instanceof Response)) {
    return passing.has(codeOf(outcome)) ? growingPause(attempt) : undefined;
  }
  if (![502, 503, 504].includes(outcome.status)) return undefined;
  const wanted = wantedPause(outcome.headers.get('retry-after'));
  if (wanted === undefined) return growingPause(attempt);
  return wanted <= LONGEST_PAUSE_MS ? wanted : undefined;
}

/** Doubles each time, minus up to half: clients that were cut off together must not come back together. */
function growingPause(attempt: number): number {
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (1 - Math.random() / 2);
}

/** Parses `Retry-After`: seconds or a date. */
function wantedPause(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = Number(retryAfter);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1_000;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

function answerOf(
  outcome: Response | Error,
  { request, repeatable, attempts }: { request: Request; repeatable: boolean; attempts: number },
): Response {
  const { method, url } = request;
  if (!(outcome instanceof Response)) {
    const code = codeOf(outcome);
    const mayBeDone = !repeatable && code !== undefined && !notConnected.includes(code);
    const reason = reasonOf(outcome);
    throw new RequestUnansweredError({ method, url, attempts, reason, mayBeDone, cause: outcome });
  }
  if (repeatable || ![502, 504].includes(outcome.status)) return outcome;
  const reason = `a proxy answered in its place, with ${outcome.status} ${outcome.statusText}`.trimEnd();
  throw new RequestUnansweredError({ method, url, attempts, reason, mayBeDone: true });
}

function codeOf({ cause }: Error): string | undefined {
  const { code, name, message } = (cause ?? {}) as { code?: string; name?: string; message?: string };
  // For a response that is not HTTP, Node 24 omits the error code.
  if (code !== undefined || name !== 'HTTPParserError') return code;
  return message?.includes('EOF') ? endedEarly : name;
}

/** The message of fetch is always the same; its cause says what happened. */
function reasonOf(error: Error): string {
  return (error.cause as Error | undefined)?.message || codeOf(error) || error.message;
}
