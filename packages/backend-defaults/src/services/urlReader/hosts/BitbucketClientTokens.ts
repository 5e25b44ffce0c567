// Gets tokens from Bitbucket for an OAuth client, and caches them until they expire.
import type { OAuthClientSettings } from '../config';
import { UrlReadError } from '../urlReaderErrors';
import { askForToken } from './askForToken';
import { EndingToken, tokenMarginMs, type IssuedToken } from './EndingToken';
import { basic } from './GitHost';

/** How long a token lives, in seconds, if the answer does not say: the shortest that Bitbucket's have ever lived. */
const assumedLifetime = 3_600;

/** One token for all repositories that the client may read. */
export class BitbucketClientTokens {
  readonly #url: URL;
  readonly #client: OAuthClientSettings;
  readonly #timeout: number;
  readonly #token = new EndingToken(() => this.#ask());

  /** @param options - `timeout`: milliseconds that Bitbucket may take for its answer. */
  constructor(baseUrl: string, client: OAuthClientSettings, options: { timeout: number }) {
    this.#url = new URL(`${baseUrl}/site/oauth2/access_token`);
    this.#client = client;
    this.#timeout = options.timeout;
  }

  /** Rejects with `UrlReadError`. */
  async tokenFor(): Promise<string | undefined> {
    return this.#token.get();
  }

  /** Call this if Bitbucket does not accept the token. */
  refuse(_repository: string, token: string): void {
    this.#token.refuse(token);
  }

  async #ask(): Promise<IssuedToken> {
    const { id, secret } = this.#client;
    const hint =
      'Check clientId and clientSecret of integrations.bitbucketCloud, and in Bitbucket that the OAuth consumer is a private one with a callback URL.';
    const answer = await askForToken(
      this.#url,
      {
        method: 'POST',
        headers: basic(id, secret),
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        // Fetch would follow one with a GET, to a page for people.
        redirect: 'manual',
      },
      { host: 'Bitbucket', client: 'the OAuth client', timeout: this.#timeout, hint },
    );
    const { access_token: token, expires_in: lifetime = assumedLifetime } = answer;
    if (typeof token !== 'string' || !token) {
      throw new UrlReadError(this.#url, 'Bitbucket answered the OAuth client without an access_token', {
        hint,
      });
    }
    return { token, usableUntil: Date.now() + Number(lifetime) * 1_000 - tokenMarginMs };
  }
}
