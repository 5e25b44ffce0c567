// Gets tokens from GitHub apps for the repositories that they are installed on, and caches them until they expire.
import { setBounded } from '../../../setBounded';
import type { GithubAppSettings, GitHostSettings } from '../config';
import { UrlReadError } from '../urlReaderErrors';
import { askForToken } from './askForToken';
import { EndingToken, tokenMarginMs, type IssuedToken } from './EndingToken';
import { encodePath } from './GitHost';

/** How long to remember that no app is installed on a repository. */
const absenceMs = 60_000;
/** How many repositories to remember, whose names come from URLs. */
const mostRepositories = 1_000;

/** The first app that is installed on a repository provides the token for it. */
export class GithubAppTokens {
  readonly #settings: Pick<GitHostSettings, 'host' | 'apiBaseUrl' | 'apps'>;
  readonly #timeout: number;
  readonly #known = new Map<string, EndingToken>();

  /** @param options - `timeout`: milliseconds that GitHub may take for each answer. */
  constructor(settings: Pick<GitHostSettings, 'host' | 'apiBaseUrl' | 'apps'>, options: { timeout: number }) {
    this.#settings = settings;
    this.#timeout = options.timeout;
  }

  /** Returns undefined if no app is installed on the repository `<owner>/<name>`. Rejects with `UrlReadError`. */
  async tokenFor(repository: string): Promise<string | undefined> {
    const key = repository.toLowerCase();
    let known = this.#known.get(key);
    if (!known) {
      known = new EndingToken(() => this.#ask(repository));
      setBounded(this.#known, key, known, mostRepositories);
    }
    return known.get();
  }

  /** Call this if GitHub does not accept the token for the repository: its app may have been installed anew. */
  refuse(repository: string, token: string): void {
    this.#known.get(repository.toLowerCase())?.refuse(token);
  }

  async #ask(repository: string): Promise<IssuedToken> {
    const [owner = ''] = repository.toLowerCase().split('/');
    for (const app of this.#settings.apps) {
      const { allowedInstallationOwners: allowed } = app;
      if (allowed && !allowed.some(name => name.toLowerCase() === owner)) {
        continue;
      }
      const installation = await this.#call(app, `/repos/${encodePath(repository)}/installation`);
      if (installation) {
        const id = encodeURIComponent(String(installation.id));
        const answer = await this.#call(app, `/app/installations/${id}/access_tokens`, 'POST');
        if (typeof answer?.token === 'string') {
          return { token: answer.token, usableUntil: Date.parse(String(answer.expires_at)) - tokenMarginMs };
        }
      }
    }
    return { token: undefined, usableUntil: Date.now() + absenceMs };
  }

  /** Returns undefined for a 404: the app is not installed there. */
  async #call(
    app: GithubAppSettings,
    path: string,
    method = 'GET',
  ): Promise<Record<string, unknown> | undefined> {
    const url = new URL(`${this.#settings.apiBaseUrl}${path}`);
    const hint = `Check app ${app.appId} of integrations.github for ${this.#settings.host}: its appId, its privateKey, and where it is installed.`;
    const options = { host: 'GitHub', client: 'the app', timeout: this.#timeout, hint };
    try {
      const authorization = `Bearer ${await this.#proofOf(app)}`;
      const headers = { accept: 'application/vnd.github+json', authorization };
      return await askForToken(url, { method, headers }, options);
    } catch (error) {
      if (!(error instanceof UrlReadError)) {
        throw new UrlReadError(url, (error as Error).message, { hint, cause: error });
      }
      if (error.upstreamStatus === 404) return undefined;
      throw error;
    }
  }

  /** The JWT by which an app authenticates. GitHub accepts it for ten minutes at most. */
  async #proofOf(app: GithubAppSettings): Promise<string> {
    // ESM only: if it were loaded with the rest, test utilities could not be loaded under jest.
    const { SignJWT } = await import('jose');
    const now = Math.floor(Date.now() / 1_000);
    // Allows for clock skew.
    return new SignJWT({ iss: app.appId, iat: now - 60, exp: now + 8 * 60 })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(app.privateKey);
  }
}
