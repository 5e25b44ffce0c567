// Serves the public keys of a plugin to those that verify its tokens.
import type { AuthService } from '@greenroom/backend-plugin-api';
import type { RequestHandler } from 'express';

/**
 * A handler for `GET /.backstage/auth/v1/jwks.json`; other requests go on to the next one. Belongs in front of everything
 * that waits for the plugin or needs credentials.
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
      // A cached answer would lack a key that another instance has added since.
      res.setHeader('Cache-Control', 'no-store');
      res.json(keys);
    });
  };
}
