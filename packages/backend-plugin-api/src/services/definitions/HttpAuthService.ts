// The interface for the credentials of HTTP requests.
import type { Request, Response } from 'express';
import type { BackstageCredentials, BackstagePrincipalTypes } from './AuthService';

/** Reads the credentials of requests, and issues cookies. */
export interface HttpAuthService {
  /**
   * Returns the verified credentials of a request, subject to the auth policies of its route.
   *
   * `allow` lists the allowed types of principals. By default all are allowed: if a policy allows unauthenticated
   * requests to the path, a request without credentials has a principal of type `none`. With `allowLimitedAccess`,
   * `false` by default, limited tokens are accepted as well, and the cookie is read if there is no token. Without it a
   * request with just a cookie has no credentials, even if a policy allows cookies.
   *
   * @throws AuthenticationError if required credentials are missing or invalid, NotAllowedError if their type is not
   * allowed or they are limited.
   */
  credentials<TAllowed extends keyof BackstagePrincipalTypes = 'unknown'>(
    req: Request<any, any, any, any, any>,
    options?: { allow?: Array<TAllowed>; allowLimitedAccess?: boolean },
  ): Promise<BackstageCredentials<BackstagePrincipalTypes[TAllowed]>>;
  /**
   * Sets a cookie that gives the user limited access. Call this before the body is sent.
   *
   * `credentials` defaults to those of the request that `res` answers. Credentials of type `none` delete the cookie.
   *
   * @throws AuthenticationError or NotAllowedError if the credentials are those of anybody but a user, an Error if the
   * headers have been sent.
   */
  issueUserCookie(
    res: Response,
    options?: { credentials?: BackstageCredentials },
  ): Promise<{ expiresAt: Date }>;
}
