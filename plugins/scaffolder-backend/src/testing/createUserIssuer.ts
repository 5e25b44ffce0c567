// A fake auth plugin for tests: issues user tokens, and publishes the keys to verify them.
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import { SignJWT } from 'jose';
import { generateKeyPairSync } from 'node:crypto';

/** The plugin, and a function that issues a user token valid for an hour. */
export function createUserIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'users';
  const sign = (typ: string, claims: Record<string, string | number>) =>
    new SignJWT(claims).setProtectedHeader({ typ, alg: 'ES256', kid }).sign(privateKey);
  const plugin = createPlugin('auth', {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      httpRouter.addAuthPolicy({ path: '/.well-known/jwks.json', allow: 'unauthenticated' });
      httpRouter.use((_req, res) => {
        res.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256' }] });
      });
    },
  });
  async function issue(userRef: string): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const identity = { sub: userRef, iat, exp: iat + 3600 };
    const limited = await sign('vnd.backstage.limited-user', identity);
    return sign('vnd.backstage.user', { ...identity, aud: 'backstage', uip: limited.split('.')[2]! });
  }
  return { plugin, issue };
}
