// Serves the public keys of a plugin to whoever verifies its tokens.
import type { AuthService } from '@greenroom/backend-plugin-api';
import type { RequestHandler } from 'express';

/**
 * A handler for `GET /.backstage/auth/v1/jwks.json`; other requests are passed on. Belongs before everything that
 * waits for the plugin or requires credentials.
 *
 * @public
 */
export function createAuthIntegrationRouter({ auth }: { auth: AuthService }): RequestHandler {
  return (req, res, next) => {
    if (req.path !== '/.backstage/auth/v1/jwks.json' || (req.method !== 'GET' && req.method !== 'HEAD')) {
      next();
      return undefined;
    }
    return auth.listPublicServiceKeys().then(keys => {
      // A cached response would lack keys that another instance has added since.
      res.setHeader('Cache-Control', 'no-store');
      res.json(keys);
    });
  };
}
