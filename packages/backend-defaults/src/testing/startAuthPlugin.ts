// Starts a backend with a plugin that tells who calls it, and stands in for the auth plugin that users sign in with.
import type { JsonObject } from '@backstage/types';
import {
  coreServices,
  type AuthService,
  type BackendFeature,
  type HttpAuthService,
  type ServiceFactory,
  type UserInfoService,
} from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { SignJWT } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { startBackend, type StartedBackend } from './startBackend';

/** What {@link startAuthPlugin} gives. */
export interface StartedAuthPlugin extends StartedBackend {
  auth: AuthService;
  httpAuth: HttpAuthService;
  userInfo: UserInfoService;
  /** GETs a path of the plugin. */
  get(path: string, token?: string, headers?: Record<string, string>): Promise<AuthAnswer>;
  /** The log lines that tell why a token was refused. */
  refusals(): string[];
}

/** An answer of the plugin. */
export interface AuthAnswer {
  status: number;
  body: any;
  cookie: string | null;
}

/** `/open` and what lies below it is open to all, `/cookie` to limited tokens. */
export async function startAuthPlugin(
  pluginId: string,
  options: {
    config?: JsonObject;
    services?: ServiceFactory[];
    features?: BackendFeature[];
    /** Where other plugins are; without it, in this backend. */
    locate?: (pluginId: string) => string;
  } = {},
): Promise<StartedAuthPlugin> {
  const { config, services = [], features = [], locate } = options;
  let provided!: Pick<StartedAuthPlugin, 'auth' | 'httpAuth' | 'userInfo'>;
  const plugin = createPlugin(pluginId, {
    deps: {
      auth: coreServices.auth,
      httpAuth: coreServices.httpAuth,
      httpRouter: coreServices.httpRouter,
      userInfo: coreServices.userInfo,
    },
    async init({ httpRouter, ...rest }) {
      provided = rest;
      httpRouter.addAuthPolicy({ path: '/cookie', allow: 'user-cookie' });
      httpRouter.addAuthPolicy({ path: '/open', allow: 'unauthenticated' });
      httpRouter.use(async (req, res) => {
        const allowLimitedAccess = req.path === '/cookie';
        const { principal } = await rest.httpAuth.credentials(req, { allowLimitedAccess });
        res.json(principal);
      });
    },
  });
  const backend = await startBackend({
    config,
    services: [...services, ...(locate ? [discoveryBy(locate)] : [])],
    features: [plugin, ...features],
  });
  return {
    ...backend,
    ...provided,
    async get(path, token, headers = {}) {
      const response = await fetch(`${backend.url}/api/${pluginId}${path}`, {
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      });
      return {
        status: response.status,
        body: await response.json(),
        cookie: response.headers.get('set-cookie'),
      };
    },
    refusals: () =>
      backend.logger.entries
        .filter(({ message }) => message.startsWith('A token '))
        .map(({ message }) => message),
  };
}

function discoveryBy(locate: (pluginId: string) => string): ServiceFactory {
  const getUrl = async (pluginId: string) => `${locate(pluginId)}/api/${pluginId}`;
  return provide(coreServices.discovery, () => ({ getBaseUrl: getUrl, getExternalBaseUrl: getUrl }));
}

/** An issuer of user tokens, and the plugin `auth` that publishes its keys and what is known about users. */
export function createUserIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'users-1';
  /** A token with nothing but these claims. */
  const sign = (typ: string, claims: JsonObject) =>
    new SignJWT(claims).setProtectedHeader({ typ, alg: 'ES256', kid }).sign(privateKey);
  const plugin = createPlugin('auth', {
    deps: { httpRouter: coreServices.httpRouter, httpAuth: coreServices.httpAuth },
    async init({ httpRouter, httpAuth }) {
      httpRouter.addAuthPolicy({ path: '/.well-known/jwks.json', allow: 'unauthenticated' });
      httpRouter.addAuthPolicy({ path: '/v1/userinfo', allow: 'user-cookie' });
      httpRouter.use(async (req, res) => {
        if (req.path === '/.well-known/jwks.json') {
          res.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256' }] });
          return;
        }
        const options = { allow: ['user' as const], allowLimitedAccess: true };
        const { principal } = await httpAuth.credentials(req, options);
        const { userEntityRef: sub } = principal;
        res.json({ claims: { sub, ent: [sub, 'group:default/asked'] } });
      });
    },
  });
  /** The tokens of a user, by default for an hour. */
  async function issue(sub: string, options: { exp?: number; claims?: JsonObject } = {}) {
    const { exp = Math.floor(Date.now() / 1000) + 3600, claims } = options;
    const identity = { sub, iat: exp - 3600, exp };
    const limited = await sign('vnd.backstage.limited-user', identity);
    const uip = limited.split('.')[2]!;
    const full = await sign('vnd.backstage.user', { ...identity, aud: 'backstage', uip, ...claims });
    return { full, limited };
  }
  return { plugin, issue, sign, publicKey, kid };
}
