// The auth service of a plugin: identifies callers by their tokens, and issues tokens for calling others.
import { AuthenticationError, NotAllowedError, ServiceUnavailableError } from '@backstage/errors';
import type {
  AuthService,
  BackstageCredentials,
  BackstageNonePrincipal,
  BackstagePrincipalTypes,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
  LoggerService,
} from '@greenroom/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import { createCredentials, tokenOf } from './createCredentials';
import type { ExternalAccess } from './externalAccess/ExternalAccess';
import type { ExternalCaller } from './externalAccess/ExternalCaller';
import type { PluginKeySource } from './keys/PluginKeySource';
import type { PluginTokenHandler } from './PluginTokenHandler';
import { KeysUnavailable, TokenRejection } from './TokenRejection';
import type { UserTokens } from './UserTokens';

/**
 * Options of {@link PluginAuth}.
 *
 * @public
 */
export interface PluginAuthOptions {
  pluginId: string;
  /** Whether requests without credentials are served. If so, the token for calls on behalf of nobody is empty. */
  policyDisabled: boolean;
  keys: PluginKeySource;
  pluginTokens: PluginTokenHandler;
  userTokens: UserTokens;
  externalAccess: ExternalAccess;
  logger: LoggerService;
}

/**
 * The default of `coreServices.auth`. Why a token is not valid is logged but never sent to the caller.
 *
 * @public
 */
export class PluginAuth implements AuthService {
  readonly #options: PluginAuthOptions;
  readonly #staticCredentials = new Map<ExternalCaller, Promise<BackstageCredentials>>();
  readonly #none = createCredentials<BackstageNonePrincipal>({ type: 'none' });
  readonly #own: BackstageCredentials<BackstageServicePrincipal>;

  constructor(options: PluginAuthOptions) {
    this.#options = options;
    this.#own = createCredentials({ type: 'service', subject: `plugin:${options.pluginId}` });
  }

  authenticate(token: string, options?: { allowLimitedAccess?: boolean }): Promise<BackstageCredentials> {
    const caller = this.#options.externalAccess.findStatic(token);
    return caller ? this.#ofStatic(caller) : this.#verify(token, options?.allowLimitedAccess ?? false);
  }

  /** Shares one promise between all requests of a caller, once the caller has been let in. */
  #ofStatic(caller: ExternalCaller): Promise<BackstageCredentials> {
    const known = this.#staticCredentials.get(caller);
    if (known) return known;
    const made = (async () => this.#ofExternal(caller))();
    made.then(
      () => this.#staticCredentials.set(caller, made),
      () => {},
    );
    return made;
  }

  async #verify(token: string, allowLimitedAccess: boolean): Promise<BackstageCredentials> {
    try {
      return (
        (await this.#ofPlugin(token)) ??
        (await this.#ofUser(token, allowLimitedAccess)) ??
        this.#ofExternal(await this.#options.externalAccess.verify(token))
      );
    } catch (error) {
      throw this.#toAnswer(error);
    }
  }

  isPrincipal<TType extends keyof BackstagePrincipalTypes>(
    credentials: BackstageCredentials,
    type: TType,
  ): credentials is BackstageCredentials<BackstagePrincipalTypes[TType]> {
    return type === 'unknown' || (credentials.principal as { type?: unknown } | undefined)?.type === type;
  }

  getNoneCredentials(): Promise<BackstageCredentials<BackstageNonePrincipal>> {
    return Promise.resolve(this.#none);
  }

  getOwnServiceCredentials(): Promise<BackstageCredentials<BackstageServicePrincipal>> {
    return Promise.resolve(this.#own);
  }

  async getPluginRequestToken(options: {
    onBehalfOf: BackstageCredentials;
    targetPluginId: string;
  }): Promise<{ token: string }> {
    const { onBehalfOf, targetPluginId } = options;
    const { pluginId, pluginTokens, policyDisabled } = this.#options;
    if (this.isPrincipal(onBehalfOf, 'service')) {
      return pluginTokens.issueToken({ pluginId, targetPluginId });
    }
    if (this.isPrincipal(onBehalfOf, 'user')) {
      const { token: limitedUserToken, expiresAt } = await this.getLimitedUserToken(onBehalfOf);
      const user = { limitedUserToken, expiresAt };
      return pluginTokens.issueToken({ pluginId, targetPluginId, onBehalfOf: user });
    }
    if (policyDisabled && this.isPrincipal(onBehalfOf, 'none')) {
      return { token: '' };
    }
    throw new AuthenticationError(
      `Plugin '${pluginId}' can't call plugin '${targetPluginId}' on behalf of nobody: use the credentials of a user or a service, or its own from getOwnServiceCredentials()`,
    );
  }

  async getLimitedUserToken(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<{ token: string; expiresAt: Date }> {
    const token = tokenOf(credentials);
    if (token === undefined) {
      throw new AuthenticationError(
        'A limited token needs credentials of a user as this service gave them: these have no token, which copies lose',
      );
    }
    const limited = this.#options.userTokens.limit(token);
    if (!limited) {
      throw new AuthenticationError(
        "The user's token contains no limited one (the claim 'uip'): its issuer must be an auth plugin that signs it along",
      );
    }
    return limited;
  }

  async listPublicServiceKeys(): Promise<{ keys: JsonObject[] }> {
    return { keys: (await this.#options.keys.listPublicKeys()) as JsonObject[] };
  }

  async #ofPlugin(token: string): Promise<BackstageCredentials | undefined> {
    const verified = await this.#options.pluginTokens.verifyToken(token);
    if (!verified) return undefined;
    const actor: BackstageServicePrincipal = { type: 'service', subject: `plugin:${verified.subject}` };
    if (verified.limitedUserToken === undefined) {
      return createCredentials(actor);
    }
    const user = await this.#options.userTokens.verify(verified.limitedUserToken);
    if (!user) {
      throw new TokenRejection(`what plugin '${verified.subject}' presents for a user is not a user token`);
    }
    const { userEntityRef, expiresAt } = user;
    const principal: BackstageUserPrincipal = { type: 'user', userEntityRef, actor: Object.freeze(actor) };
    return createCredentials(principal, { token: verified.limitedUserToken, expiresAt });
  }

  async #ofUser(token: string, allowLimitedAccess: boolean): Promise<BackstageCredentials | undefined> {
    const user = await this.#options.userTokens.verify(token);
    if (!user) return undefined;
    if (user.limited && !allowLimitedAccess) {
      throw new NotAllowedError('This needs full credentials, and the token is a limited one');
    }
    const principal: BackstageUserPrincipal = { type: 'user', userEntityRef: user.userEntityRef };
    return createCredentials(principal, { token, expiresAt: user.expiresAt });
  }

  #ofExternal(caller: ExternalCaller): BackstageCredentials {
    const { pluginId, logger } = this.#options;
    const { subject, restrictions } = caller;
    if (restrictions && !restrictions.has(pluginId)) {
      const allowed = [...restrictions.keys()].join(', ');
      logger.warn(`The external caller '${subject}' was refused: its access is restricted to ${allowed}`);
      throw new NotAllowedError(`The access of this token does not include plugin '${pluginId}'`);
    }
    const accessRestrictions = restrictions?.get(pluginId);
    return createCredentials({ type: 'service', subject, ...(accessRestrictions && { accessRestrictions }) });
  }

  #toAnswer(error: unknown): unknown {
    const { logger } = this.#options;
    if (error instanceof TokenRejection) {
      logger.warn(`A token was rejected: ${error.message}`, error.fields);
      return new AuthenticationError('The token is not valid');
    }
    if (error instanceof KeysUnavailable) {
      logger.error(`A token could not be checked: ${error.message}`);
      return new ServiceUnavailableError('The token can not be checked at the moment, try again later');
    }
    return error;
  }
}
