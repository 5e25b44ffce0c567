// Reads the credentials of requests from the header or the cookie, and issues the cookie.
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import type {
  AuthService,
  BackstageCredentials,
  BackstagePrincipalTypes,
  DiscoveryService,
  HttpAuthService,
} from '@greenroom/backend-plugin-api';
import type { Request, Response } from 'express';
import { knownCredentialsKey, type KnownCredentials } from './knownCredentials';

const cookieName = 'backstage-auth';

/**
 * Options of {@link DefaultHttpAuthService}.
 *
 * @public
 */
export interface DefaultHttpAuthServiceOptions {
  auth: AuthService;
  discovery: DiscoveryService;
  pluginId: string;
  /** Reads the token of a request. Default: the header `Authorization: Bearer <token>`. */
  getTokenFromRequest?: (req: Request) => { token?: string };
}

/**
 * The default of `coreServices.httpAuth`. Determines the credentials of a request only once.
 *
 * @public
 */
export class DefaultHttpAuthService implements HttpAuthService {
  readonly #options: Required<DefaultHttpAuthServiceOptions>;

  static create(options: DefaultHttpAuthServiceOptions): DefaultHttpAuthService {
    return new DefaultHttpAuthService(options);
  }

  private constructor(options: DefaultHttpAuthServiceOptions) {
    const { getTokenFromRequest = readBearerToken } = options;
    this.#options = { ...options, getTokenFromRequest };
  }

  /**
   * Without `allow`, accepts every type of caller, even unauthenticated ones on an open route. Limited tokens and the
   * cookie count only with `allowLimitedAccess`, whatever the route's policy is.
   */
  // Not an async function, because that would add a promise turn to every request.
  credentials<TAllowed extends keyof BackstagePrincipalTypes = 'unknown'>(
    req: Parameters<HttpAuthService['credentials']>[0],
    options?: { allow?: Array<TAllowed>; allowLimitedAccess?: boolean },
  ): Promise<BackstageCredentials<BackstagePrincipalTypes[TAllowed]>> {
    return this.#resolve(req, options?.allowLimitedAccess ?? false).then(credentials => {
      assertAllowed(req, credentials, options?.allow);
      return credentials as BackstageCredentials<BackstagePrincipalTypes[TAllowed]>;
    });
  }

  async issueUserCookie(
    res: Response,
    options?: { credentials?: BackstageCredentials },
  ): Promise<{ expiresAt: Date }> {
    if (res.headersSent) {
      throw new Error('A cookie has to be issued before the answer is sent: call issueUserCookie earlier');
    }
    const { auth } = this.#options;
    const credentials = options?.credentials ?? (await this.credentials(res.req, { allow: ['user'] }));
    const attributes = await this.#cookieAttributes();
    if (auth.isPrincipal(credentials, 'none')) {
      res.clearCookie(cookieName, attributes);
      return { expiresAt: new Date() };
    }
    if (!auth.isPrincipal(credentials, 'user')) {
      throw new AuthenticationError('A cookie can be issued for a user only');
    }
    const { token, expiresAt } = await auth.getLimitedUserToken(credentials);
    // `Max-Age` as well, because the clock of the browser may be wrong.
    const maxAge = Math.max(0, expiresAt.getTime() - Date.now());
    res.cookie(cookieName, token, { ...attributes, maxAge });
    return { expiresAt };
  }

  #resolve(req: Request, allowLimitedAccess: boolean): Promise<BackstageCredentials> {
    const holder = req as Request & { [knownCredentialsKey]?: KnownCredentials };
    let known = holder[knownCredentialsKey];
    if (known?.by !== this) {
      holder[knownCredentialsKey] = known = { by: this, full: undefined, limited: undefined };
    }
    const which = allowLimitedAccess ? 'limited' : 'full';
    try {
      return (known[which] ??= this.#authenticate(req, allowLimitedAccess));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  #authenticate(req: Request, allowLimitedAccess: boolean): Promise<BackstageCredentials> {
    const { auth, getTokenFromRequest } = this.#options;
    const { token } = getTokenFromRequest(req);
    if (token) {
      return auth.authenticate(token, allowLimitedAccess ? { allowLimitedAccess } : undefined);
    }
    const cookie = allowLimitedAccess ? readCookie(req) : undefined;
    return cookie === undefined
      ? auth.getNoneCredentials()
      : auth.authenticate(cookie, { allowLimitedAccess: true });
  }

  async #cookieAttributes() {
    const { discovery, pluginId } = this.#options;
    const { pathname, protocol } = new URL(await discovery.getExternalBaseUrl(pluginId));
    const secure = protocol === 'https:';
    const ownPath = `/api/${pluginId}`;
    return {
      httpOnly: true,
      secure,
      // The frontend may be on another site, which can only send secure cookies.
      sameSite: secure ? ('none' as const) : ('lax' as const),
      // What the app plugin serves is outside the app plugin's own path.
      path: (pathname.endsWith(ownPath) && pathname.slice(0, -ownPath.length)) || '/',
    };
  }
}

function assertAllowed(
  req: Request,
  credentials: BackstageCredentials,
  allow: readonly string[] | undefined,
): void {
  const { type } = credentials.principal as { type: string };
  if (!allow || allow.includes(type) || allow.includes('unknown')) return;
  if (type === 'none') {
    const isOther = req.headers.authorization && !readBearerToken(req).token;
    throw new AuthenticationError(
      `Credentials are missing${isOther ? ': the Authorization header is not of the form "Bearer <token>"' : ''}`,
    );
  }
  throw new NotAllowedError(`This is open to ${allow.join(' and ')} credentials, not to those of a ${type}`);
}

function readBearerToken(req: Request): { token?: string } {
  return { token: /^Bearer[ ]+(\S+)[ ]*$/i.exec(req.headers.authorization ?? '')?.[1] };
}

function readCookie(req: Request): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map(pair => pair.trim());
  const pair = pairs.find(candidate => candidate.startsWith(`${cookieName}=`));
  return pair?.slice(cookieName.length + 1) || undefined;
}
