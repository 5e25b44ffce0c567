// Fetches one URL: follows only permitted redirects, limits silence and size, and turns other statuses into errors.
import { NotModifiedError } from '@backstage/errors';
import { Readable } from 'node:stream';
import { reasonOfFetch } from '../../remote/reasonOf';
import type { UrlReaderLimits } from './config';
import { versionOf } from './ReadUrlResponseFactory';
import {
  describeUrl,
  UrlNotAllowedError,
  UrlNotFoundError,
  UrlReadError,
  UrlTooLargeError,
} from './urlReaderErrors';

/** Options of {@link fetchUrl}. */
export interface FetchUrlOptions {
  /** Sent to the origin of the URL. Authorization is not passed on to another origin. */
  headers?: Record<string, string>;
  etag?: string;
  lastModifiedAfter?: Date;
  signal?: AbortSignal;
  /** Its `timeout` applies to the response, and to each further piece of it. */
  limits: UrlReaderLimits;
  /** Which limit applies to the content. */
  maxSize: 'maxFileSize' | 'maxArchiveSize';
  /** Whether a redirect may be followed. Called for each one, even within a host. */
  mayRedirectTo(url: URL): boolean;
  /** What to do if the host refuses: how to give it credentials. */
  credentialsHint: string;
}

/** A response with status 200. */
export interface FetchedUrl {
  stream: Readable;
  headers: Headers;
  etag?: string;
  lastModifiedAt?: Date;
}

const maxRedirects = 5;

/**
 * Resolves once the headers of the response have arrived.
 *
 * @throws NotModifiedError, `UrlNotFoundError`, `UrlNotAllowedError`, `UrlTooLargeError`, `UrlReadError`, or the reason
 * of `signal`.
 */
export async function fetchUrl(start: URL, options: FetchUrlOptions): Promise<FetchedUrl> {
  const exchange = new Exchange(start, options);
  const headers = requestHeaders(start, options);
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await exchange.request(url, headers);
    const next = await redirectTarget(response, url);
    if (!next) return exchange.result(response);
    if (!options.mayRedirectTo(next)) {
      throw new UrlNotAllowedError(
        start,
        `is refused, because it redirects to ${describeUrl(next)}`,
        `Add ${next.host} to backend.reading.allow if it may be read as well.`,
      );
    }
    if (next.origin !== url.origin) headers.delete('authorization');
    url = next;
  }
  throw new UrlReadError(start, `it redirects more than ${maxRedirects} times`, {
    hint: 'Use the URL that it leads to in the end.',
  });
}

async function redirectTarget(response: Response, from: URL): Promise<URL | undefined> {
  const location = response.headers.get('location');
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return undefined;
  await response.body?.cancel();
  const hint = 'Use the URL that it ought to lead to.';
  if (!URL.canParse(location, from.href)) {
    throw new UrlReadError(from, 'it redirects to something that is not a URL', { hint });
  }
  const target = new URL(location, from);
  const safe = target.protocol === 'https:' || (target.protocol === 'http:' && from.protocol === 'http:');
  if (!safe || target.username || target.password) {
    throw new UrlNotAllowedError(
      from,
      `is refused, because it redirects to a ${target.protocol} URL of ${target.host || 'no host'}`,
      hint,
    );
  }
  return target;
}

function requestHeaders(url: URL, { headers, etag, lastModifiedAfter }: FetchUrlOptions): Headers {
  try {
    return new Headers({
      'user-agent': 'greenroom',
      ...headers,
      ...(etag && { 'if-none-match': etag }),
      ...(lastModifiedAfter && { 'if-modified-since': lastModifiedAfter.toUTCString() }),
    });
  } catch {
    // Without the cause, which quotes the value.
    const problem = 'a token or etag for it has a line break or another sign that no header may have';
    throw new UrlReadError(url, problem, { hint: 'Look at what the token is read from.' });
  }
}

/** One fetch with its redirects. It ends if the host is silent for too long at any point. */
class Exchange {
  readonly #url: URL;
  readonly #options: FetchUrlOptions;
  readonly #silence = new AbortController();
  readonly #signal: AbortSignal;

  constructor(url: URL, options: FetchUrlOptions) {
    this.#url = url;
    this.#options = options;
    this.#signal = options.signal
      ? AbortSignal.any([options.signal, this.#silence.signal])
      : this.#silence.signal;
  }

  async request(url: URL, headers: Headers): Promise<Response> {
    return this.#withinTimeout(() => fetch(url, { headers, redirect: 'manual', signal: this.#signal }));
  }

  async result(response: Response): Promise<FetchedUrl> {
    const { etag: knownEtag, lastModifiedAfter } = this.#options;
    const { status, headers } = response;
    const { etag, lastModifiedAt } = versionOf(headers);
    // Some hosts send the content again even though they were told what is known.
    const known =
      (etag !== undefined && etag === knownEtag) ||
      (lastModifiedAt && lastModifiedAfter && lastModifiedAt <= lastModifiedAfter);
    if (status === 200 && !known && Number(headers.get('content-length') ?? 0) <= this.#maxBytes) {
      const reader = response.body?.getReader();
      const stream = Readable.from(this.#content(reader), { objectMode: false });
      // Closes the connection if the content was not read to the end, or not at all.
      stream.once('close', () => reader?.cancel().catch(() => {}));
      return { stream, headers, etag, lastModifiedAt };
    }
    await response.body?.cancel();
    if (status === 304 || (status === 200 && known)) {
      throw new NotModifiedError(`${describeUrl(this.#url)} has not changed`);
    }
    throw status === 200 ? this.#tooLarge() : this.#refusal(response);
  }

  #refusal({ status, headers }: Response): Error {
    const { credentialsHint } = this.#options;
    if (status === 404 || status === 410) {
      return new UrlNotFoundError(this.#url, `Check the URL. ${credentialsHint}`);
    }
    if (status === 401 || status === 403) {
      const reason = `is refused by the host with status ${status}`;
      return new UrlNotAllowedError(this.#url, reason, credentialsHint, status);
    }
    const wait = headers.get('retry-after');
    const hint = wait
      ? `The host asks to try again after ${wait}.`
      : 'Try again, or look at the state of the host.';
    return new UrlReadError(this.#url, `the host answered with status ${status}`, { status, hint });
  }

  async *#content(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    // Only waiting for the host counts: the consumer may take its time.
    for (;;) {
      const piece = reader && (await this.#withinTimeout(() => reader.read()));
      if (!piece || piece.done) return;
      bytes += piece.value.byteLength;
      if (bytes > this.#maxBytes) throw this.#tooLarge();
      yield piece.value;
    }
  }

  get #maxBytes(): number {
    return this.#options.limits[this.#options.maxSize];
  }

  #tooLarge(): UrlTooLargeError {
    const key = `backend.reading.${this.#options.maxSize}`;
    const limit = `${this.#maxBytes} bytes`;
    return new UrlTooLargeError(`The content of ${describeUrl(this.#url)}`, { limit, key });
  }

  async #withinTimeout<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    const { timeout } = this.#options.limits;
    const timer = setTimeout(() => this.#silence.abort(), timeout);
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (this.#silence.signal.aborted) {
        throw new UrlReadError(this.#url, `the host was silent for ${timeout} ms`, {
          hint: 'Try again, or raise backend.reading.timeout.',
        });
      }
      throw new UrlReadError(this.#url, reasonOfFetch(error), {
        hint: 'Check that the host can be reached from here, by name and by port.',
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
