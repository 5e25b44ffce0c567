// An OAuth client of Bitbucket Cloud, which gets a token for one push.
import type { Config } from '@backstage/config';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { GitCredentials } from './GitCredentials';

/** How long Bitbucket may take for its answer, as long as git waits for a silent remote. */
const timeoutMs = 60_000;
const check =
  'Check clientId and clientSecret of integrations.bitbucketCloud, and in Bitbucket that the OAuth consumer is a private one with a callback URL.';

/** It keeps no token: pushes are rare, and a token ends after hours. */
export class OAuthClient {
  readonly #url: string;
  readonly #id: string;
  readonly #secret: string;

  private constructor(url: string, id: string, secret: string) {
    this.#url = url;
    this.#id = id;
    this.#secret = secret;
  }

  /**
   * @param key - where the entry is in the configuration, for messages
   * @throws InputError if it has only half of a client
   */
  static fromConfig(entry: Config, key: string, baseUrl: string): OAuthClient | undefined {
    const id = entry.getOptionalString('clientId')?.trim();
    const secret = entry.getOptionalString('clientSecret')?.trim();
    if (!id && !secret) return undefined;
    if (id && secret) {
      return new OAuthClient(`${baseUrl.replace(/\/+$/, '')}/site/oauth2/access_token`, id, secret);
    }
    const [missing, given] = id ? ['clientSecret', 'clientId'] : ['clientId', 'clientSecret'];
    throw new InputError(
      `The configuration value ${key}.${missing} is missing, and ${given} is of no use without it. Set both, or remove ${given}.`,
    );
  }

  /** @throws ServiceUnavailableError if there is no token; or the reason of the signal. */
  async credentials(signal?: AbortSignal): Promise<GitCredentials> {
    const late = AbortSignal.timeout(timeoutMs);
    let answer: { access_token?: unknown } | null;
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${this.#id}:${this.#secret}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw this.#failure(`it answered with ${response.status}`);
      }
      answer = parse(await response.text());
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ServiceUnavailableError) throw error;
      throw this.#failure(late.aborted ? `it was silent for ${timeoutMs} ms` : reasonOf(error));
    }
    if (typeof answer?.access_token !== 'string' || !answer.access_token) {
      throw this.#failure('its answer has no access_token');
    }
    return { username: 'x-token-auth', password: answer.access_token };
  }

  #failure(problem: string): ServiceUnavailableError {
    const { origin, pathname } = new URL(this.#url);
    return new ServiceUnavailableError(
      `${origin}${pathname} gave the OAuth client no token for the push: ${problem}. ${check}`,
    );
  }
}

/** The message of the parser would quote the answer. */
function parse(text: string): { access_token?: unknown } | null {
  try {
    return JSON.parse(text) as { access_token?: unknown } | null;
  } catch {
    return null;
  }
}

/** What `fetch` says itself is always the same. If a host has several addresses, its cause has a code and no message. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}
