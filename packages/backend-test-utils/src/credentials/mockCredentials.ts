// Credentials for tests, with the tokens, headers and cookies that the mock services accept for them.
import type {
  BackstageCredentials,
  BackstageNonePrincipal,
  BackstagePrincipalAccessRestrictions,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@greenroom/backend-plugin-api';
import { writeInvalidMockToken, writeMockToken, type MockPrincipal } from './mockTokens';

const defaultUser = 'user:default/mock';
const defaultService = 'external:test-service';
const cookieName = 'backstage-auth';

type UserOptions = { actor?: { subject: string } };

/**
 * Options of {@link mockCredentials}`.service.token`.
 *
 * @public
 */
export interface MockServiceTokenOptions {
  /** The credentials that the caller acts for. */
  onBehalfOf: BackstageCredentials;
  /** The plugin that is called. Other plugins reject the token. */
  targetPluginId: string;
}

const none = Object.assign(
  (): BackstageCredentials<BackstageNonePrincipal> => credentialsOf({ type: 'none' }),
  {
    /** The `Authorization` header of a caller without credentials. No header at all would mean the default user. */
    header: () => bearer(writeMockToken({ type: 'none' })),
  },
);

const user = Object.assign(
  (
    userEntityRef: string = defaultUser,
    options?: UserOptions,
  ): BackstageCredentials<BackstageUserPrincipal> => {
    checkEntityRef(userEntityRef);
    return credentialsOf({
      type: 'user',
      userEntityRef,
      ...(options?.actor && { actor: { type: 'service', subject: options.actor.subject } }),
    });
  },
  {
    token: (userEntityRef?: string, options?: UserOptions) => userToken('user', userEntityRef, options),
    header: (userEntityRef?: string) => bearer(userToken('user', userEntityRef)),
    invalidToken: () => writeInvalidMockToken('user'),
    invalidHeader: () => bearer(writeInvalidMockToken('user')),
  },
);

const limitedUser = Object.assign((userEntityRef?: string) => user(userEntityRef), {
  token: (userEntityRef?: string) => userToken('limited-user', userEntityRef),
  cookie: (userEntityRef?: string) => `${cookieName}=${userToken('limited-user', userEntityRef)}`,
  invalidToken: () => writeInvalidMockToken('limited-user'),
  invalidCookie: () => `${cookieName}=${writeInvalidMockToken('limited-user')}`,
});

const service = Object.assign(
  (
    subject: string = defaultService,
    accessRestrictions?: BackstagePrincipalAccessRestrictions,
  ): BackstageCredentials<BackstageServicePrincipal> =>
    credentialsOf({ type: 'service', subject, ...(accessRestrictions && { accessRestrictions }) }),
  {
    token: (options?: MockServiceTokenOptions) => serviceToken(options),
    header: (options?: MockServiceTokenOptions) => bearer(serviceToken(options)),
    invalidToken: () => writeInvalidMockToken('service'),
    invalidHeader: () => bearer(writeInvalidMockToken('service')),
  },
);

/**
 * Credentials for all types of principals, and the tokens, headers and cookies with which requests present them.
 *
 * The default user is `user:default/mock`, the default service `external:test-service`. A user reference that is not full
 * throws a `TypeError`. Mock services refuse what is invalid with an `AuthenticationError`.
 *
 * @example
 * ```ts
 * await request(server).get('/api/things').set('authorization', mockCredentials.user.header('user:default/ada'));
 * ```
 *
 * @public
 */
export const mockCredentials = { none, user, limitedUser, service };

/**
 * Types of {@link (mockCredentials:variable)}, by the name of the principal.
 *
 * @public
 */
export declare namespace mockCredentials {
  namespace service {
    type TokenOptions = MockServiceTokenOptions;
  }
}

function credentialsOf<TPrincipal>(principal: TPrincipal): BackstageCredentials<TPrincipal> {
  return { $$type: '@backstage/BackstageCredentials', principal };
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}

function userToken(type: 'user' | 'limited-user', userEntityRef?: string, options?: UserOptions): string {
  if (userEntityRef !== undefined) checkEntityRef(userEntityRef);
  return writeMockToken({ type, ...(userEntityRef && { userEntityRef }), ...options });
}

function serviceToken(options?: MockServiceTokenOptions): string {
  if (!options) return writeMockToken({ type: 'service' });
  const { targetPluginId, onBehalfOf } = options;
  const { principal } = onBehalfOf as BackstageCredentials<MockPrincipal>;
  return writeMockToken({ type: 'service', targetPluginId, onBehalfOf: principal });
}

function checkEntityRef(ref: string): void {
  if (!/^[^:/]+:[^:/]+\/[^:/]+$/.test(ref)) {
    throw new TypeError(
      `'${ref}' is no full entity reference: write <kind>:<namespace>/<name>, such as 'user:default/ada'`,
    );
  }
}
