// mockServices for credentials: auth, httpAuth and userInfo, based on the tokens of mockCredentials.
import { InputError } from '@backstage/errors';
import {
  coreServices,
  createServiceFactory,
  type AuthService,
  type BackstageCredentials,
  type BackstageUserInfo,
  type BackstageUserPrincipal,
  type HttpAuthService,
  type UserInfoService,
} from '@greenroom/backend-plugin-api';
import { createMockHttpAuth } from '../credentials/createMockHttpAuth';
import { MockAuthService } from '../credentials/MockAuthService';
import { discovery } from './discovery';
import { mockOf } from './simpleMock';

const defaultPluginId = 'test';

/** See {@link mockServices}. */
export const auth = Object.assign(
  (options?: {
    /** Defaults to `test`. */
    pluginId?: string;
    /** Whether the token for calls on behalf of nobody is empty. Defaults to `false`: there is none. */
    disableDefaultAuthPolicy?: boolean;
  }): AuthService => new MockAuthService({ ...options, pluginId: options?.pluginId ?? defaultPluginId }),
  {
    factory: () =>
      createServiceFactory({
        service: coreServices.auth,
        deps: { plugin: coreServices.pluginMetadata, config: coreServices.rootConfig },
        factory: ({ plugin, config }): AuthService =>
          new MockAuthService({
            pluginId: plugin.getId(),
            disableDefaultAuthPolicy: config.getOptionalBoolean(
              'backend.auth.dangerouslyDisableDefaultAuthPolicy',
            ),
          }),
      }),
    mock: mockOf<AuthService>(coreServices.auth, [
      'authenticate',
      'getNoneCredentials',
      'getOwnServiceCredentials',
      'isPrincipal',
      'getPluginRequestToken',
      'getLimitedUserToken',
      'listPublicServiceKeys',
    ]),
  },
);

/** See {@link mockServices}. */
export const httpAuth = Object.assign(
  (options?: {
    /** Defaults to `test`. */
    pluginId?: string;
    /** Of requests that have none. Defaults to those of `user:default/mock`. */
    defaultCredentials?: BackstageCredentials;
  }): HttpAuthService =>
    createMockHttpAuth({
      ...options,
      pluginId: options?.pluginId ?? defaultPluginId,
      discovery: discovery(),
    }),
  {
    factory: (options?: { defaultCredentials?: BackstageCredentials }) =>
      createServiceFactory({
        service: coreServices.httpAuth,
        deps: { plugin: coreServices.pluginMetadata, discovery: coreServices.discovery },
        factory: ({ plugin, ...deps }): HttpAuthService =>
          createMockHttpAuth({ pluginId: plugin.getId(), ...deps, ...options }),
      }),
    mock: mockOf<HttpAuthService>(coreServices.httpAuth, ['credentials', 'issueUserCookie']),
  },
);

/** See {@link mockServices}. By default a user owns only what their own entity owns; `customInfo` replaces that. */
export const userInfo = Object.assign(userInfoOf, {
  factory: () =>
    createServiceFactory({ service: coreServices.userInfo, deps: {}, factory: () => userInfoOf() }),
  mock: mockOf<UserInfoService>(coreServices.userInfo, ['getUserInfo']),
});

function userInfoOf(customInfo?: Partial<BackstageUserInfo>): UserInfoService {
  return {
    async getUserInfo(credentials) {
      const { principal } = credentials as BackstageCredentials<BackstageUserPrincipal>;
      if (principal.type !== 'user') {
        throw new InputError(`There is user info for users only, not for a ${String(principal.type)}`);
      }
      const { userEntityRef } = principal;
      return { userEntityRef, ownershipEntityRefs: [userEntityRef], ...customInfo };
    },
  };
}
