// The interface for the credentials of HTTP requests.
import type { Request, Response } from 'express';
import type { BackstageCredentials, BackstagePrincipalTypes } from './AuthService';

/** Reads the credentials of requests, and issues cookies. */
export interface HttpAuthService {
  /**
   * The verified credentials of a request, within the policies of its route.
   *
   * `allow` limits the types of principal. By default all are allowed: on a path that a policy opened, a request without
   * credentials gives those of nobody. `allowLimitedAccess` defaults to `false`.
   *
   * @throws AuthenticationError where credentials are needed and missing or invalid, NotAllowedError where they are not
   * of an allowed type, or limited.
   */
  credentials<TAllowed extends keyof BackstagePrincipalTypes = 'unknown'>(
    req: Request<any, any, any, any, any>,
    options?: { allow?: Array<TAllowed>; allowLimitedAccess?: boolean },
  ): Promise<BackstageCredentials<BackstagePrincipalTypes[TAllowed]>>;
  /**
   * Sets a cookie that stands for the user, limited; call it before the body is sent.
   *
   * `credentials` defaults to those of the request that `res` answers. Credentials of nobody delete the cookie.
   */
  issueUserCookie(
    res: Response,
    options?: { credentials?: BackstageCredentials },
  ): Promise<{ expiresAt: Date }>;
}
