// Lets a browser get the cookie of its user, and drop it.
import type { AuthService, HttpAuthService } from '@greenroom/backend-plugin-api';
import type { RequestHandler } from 'express';

/**
 * A handler for `/.backstage/auth/v1/cookie`: GET sets the cookie of the calling user and returns when it expires,
 * DELETE removes it. Other requests are passed on.
 *
 * @public
 */
export function createCookieAuthRefreshMiddleware(options: {
  auth: AuthService;
  httpAuth: HttpAuthService;
}): RequestHandler {
  const { auth, httpAuth } = options;
  return async (req, res, next) => {
    if (req.path !== '/.backstage/auth/v1/cookie') {
      next();
    } else if (req.method === 'GET') {
      const { expiresAt } = await httpAuth.issueUserCookie(res);
      res.json({ expiresAt: expiresAt.toISOString() });
    } else if (req.method === 'DELETE') {
      await httpAuth.issueUserCookie(res, { credentials: await auth.getNoneCredentials() });
      res.status(204).end();
    } else {
      next();
    }
  };
}
