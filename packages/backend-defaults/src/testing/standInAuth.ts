// Stand-ins for auth and httpAuth for tests of this package: tokens name a principal and are taken at their word.
import { AuthenticationError } from '@backstage/errors';
import {
  coreServices,
  createServiceFactory,
  type AuthService,
  type BackstageCredentials,
  type BackstagePrincipalTypes,
} from '@greenroom/backend-plugin-api';
import { provide } from '@greenroom/testing';

type Principal = BackstagePrincipalTypes['user' | 'service' | 'none'];

/** Credentials of a principal. */
export function credentialsOf<T extends Principal>(principal: T): BackstageCredentials<T> {
  return { $$type: '@backstage/BackstageCredentials', principal };
}

/** Credentials of the user `user:default/<name>`. */
export const userCredentials = (name: string) =>
  credentialsOf({ type: 'user', userEntityRef: `user:default/${name}` });

/** The token of a principal, for the plugin that is called; empty for nobody. */
export function tokenOf(principal: Principal, targetPluginId = ''): string {
  return principal.type === 'none' ? '' : btoa(JSON.stringify({ principal, targetPluginId }));
}

/** The principal that a request shows. Throws `AuthenticationError` where it shows none. */
export function principalOf(authorization: string | undefined): Principal {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (!token) {
    throw new AuthenticationError('No credentials');
  }
  return (JSON.parse(atob(token)) as { principal: Principal }).principal;
}

/** Stands in for coreServices.auth, for one plugin. */
export function standInAuth(pluginId: string): AuthService {
  const own = credentialsOf({ type: 'service', subject: `plugin:${pluginId}` });
  return {
    authenticate: async token => credentialsOf(principalOf(`Bearer ${token}`)),
    isPrincipal: ((credentials: BackstageCredentials<Principal>, type: string) =>
      type === 'unknown' || credentials.principal.type === type) as unknown as AuthService['isPrincipal'],
    getNoneCredentials: async () => credentialsOf({ type: 'none' }),
    getOwnServiceCredentials: async () => own,
    getPluginRequestToken: async ({ onBehalfOf, targetPluginId }) => ({
      token: tokenOf(onBehalfOf.principal as Principal, targetPluginId),
    }),
    getLimitedUserToken: () => Promise.reject(new Error('not needed here')),
    listPublicServiceKeys: async () => ({ keys: [] }),
  };
}

/** Factories of auth and httpAuth. */
export const standInAuthFactories = [
  createServiceFactory({
    service: coreServices.auth,
    deps: { plugin: coreServices.pluginMetadata },
    factory: ({ plugin }) => standInAuth(plugin.getId()),
  }),
  provide(coreServices.httpAuth, () => ({
    credentials: async req => credentialsOf(principalOf(req.headers.authorization)) as never,
    issueUserCookie: () => Promise.reject(new Error('not needed here')),
  })),
];
