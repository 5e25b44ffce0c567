// A mock of coreServices.auth that trusts the tokens of mockCredentials.
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import type {
  AuthService,
  BackstageCredentials,
  BackstageNonePrincipal,
  BackstagePrincipalTypes,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@greenroom/backend-plugin-api';
import { mockCredentials } from './mockCredentials';
import { readMockToken, type MockPrincipal, type MockTokenClaims } from './mockTokens';

const oneHour = 3_600_000;

/** The mock auth service of one plugin. */
export class MockAuthService implements AuthService {
  readonly #pluginId: string;
  readonly #disableDefaultAuthPolicy: boolean;
  readonly #absent: BackstageCredentials;

  /** `absent` are the credentials of a request that has none. Default: nobody. */
  constructor(options: {
    pluginId: string;
    disableDefaultAuthPolicy?: boolean;
    absent?: BackstageCredentials;
  }) {
    this.#pluginId = options.pluginId;
    this.#disableDefaultAuthPolicy = options.disableDefaultAuthPolicy ?? false;
    this.#absent = options.absent ?? mockCredentials.none();
  }

  async authenticate(
    token: string,
    options?: { allowLimitedAccess?: boolean },
  ): Promise<BackstageCredentials> {
    const claims = readMockToken(token);
    switch (claims.type) {
      case 'none':
        return mockCredentials.none();
      case 'limited-user':
        if (!options?.allowLimitedAccess)
          throw new NotAllowedError('Limited user tokens are not allowed here');
        return mockCredentials.limitedUser(claims.userEntityRef);
      case 'user':
        return mockCredentials.user(claims.userEntityRef, claims.actor && { actor: claims.actor });
      case 'service':
        return this.#serviceCredentials(claims);
      default:
        throw new AuthenticationError('A mock token of an unknown type');
    }
  }

  isPrincipal<TType extends keyof BackstagePrincipalTypes>(
    credentials: BackstageCredentials,
    type: TType,
  ): credentials is BackstageCredentials<BackstagePrincipalTypes[TType]> {
    const principal = credentials.principal as { type?: string } | undefined;
    return type === 'unknown' || principal?.type === type;
  }

  async getNoneCredentials(): Promise<BackstageCredentials<BackstageNonePrincipal>> {
    return this.#absent as BackstageCredentials<BackstageNonePrincipal>;
  }

  async getOwnServiceCredentials(): Promise<BackstageCredentials<BackstageServicePrincipal>> {
    return mockCredentials.service(`plugin:${this.#pluginId}`);
  }

  /** For nobody, the token is empty if the default policy is disabled; otherwise this rejects. */
  async getPluginRequestToken(options: {
    onBehalfOf: BackstageCredentials;
    targetPluginId: string;
  }): Promise<{ token: string }> {
    const { type } = options.onBehalfOf.principal as MockPrincipal;
    if (type === 'none') {
      if (this.#disableDefaultAuthPolicy) return { token: '' };
      throw new AuthenticationError(
        `Plugin '${this.#pluginId}' can't call plugin '${options.targetPluginId}' on behalf of nobody`,
      );
    }
    return { token: mockCredentials.service.token(options) };
  }

  async getLimitedUserToken(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<{ token: string; expiresAt: Date }> {
    const { principal } = credentials as BackstageCredentials<MockPrincipal>;
    if (principal.type !== 'user') {
      throw new AuthenticationError(`A ${principal.type} has no limited user token`);
    }
    return {
      token: mockCredentials.limitedUser.token(principal.userEntityRef),
      expiresAt: new Date(Date.now() + oneHour),
    };
  }

  async listPublicServiceKeys(): Promise<{ keys: [] }> {
    return { keys: [] };
  }

  /** As with real tokens, a token issued on behalf of a user represents that user. */
  #serviceCredentials(claims: MockTokenClaims & { type: 'service' }): BackstageCredentials {
    const { subject, targetPluginId, onBehalfOf } = claims;
    if (targetPluginId !== undefined && targetPluginId !== this.#pluginId) {
      throw new AuthenticationError(
        `The mock token is for plugin '${targetPluginId}', not for '${this.#pluginId}'`,
      );
    }
    if (onBehalfOf?.type === 'user') {
      const { userEntityRef, actor } = onBehalfOf;
      return mockCredentials.user(userEntityRef, actor && { actor: { subject: actor.subject } });
    }
    return mockCredentials.service(onBehalfOf?.type === 'service' ? onBehalfOf.subject : subject);
  }
}
