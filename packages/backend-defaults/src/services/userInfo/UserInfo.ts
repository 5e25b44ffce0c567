// Looks up what is known about a user, in the claims of the token or from the auth plugin.
import { NotAllowedError, ResponseError, ServiceUnavailableError } from '@backstage/errors';
import {
  type BackstageCredentials,
  type BackstageUserInfo,
  type DiscoveryService,
  fetchDurably,
  type UserInfoService,
} from '@greenroom/backend-plugin-api';
import { tokenOf } from '../auth/createCredentials';
import { readUnverifiedToken } from '../auth/UnverifiedToken';

const timeoutMs = 10_000;

/**
 * The default of `coreServices.userInfo`.
 *
 * @public
 */
export class UserInfo implements UserInfoService {
  readonly #discovery: DiscoveryService;

  constructor(options: { discovery: DiscoveryService }) {
    this.#discovery = options.discovery;
  }

  async getUserInfo(credentials: BackstageCredentials): Promise<BackstageUserInfo> {
    const { type, userEntityRef } = credentials.principal as { type?: string; userEntityRef: string };
    const token = tokenOf(credentials);
    if (type !== 'user' || token === undefined) {
      throw new NotAllowedError(
        `Only a user's credentials, as the auth service gave them, have user information; these are of a ${type ?? 'caller of unknown type'}`,
      );
    }
    const claimed = readUnverifiedToken(token)?.payload.ent;
    const ownershipEntityRefs = isListOfText(claimed) ? claimed : await this.#ask(token);
    return { userEntityRef, ownershipEntityRefs };
  }

  // Tokens are kept small: most do not have this claim, and limited ones never do.
  async #ask(token: string): Promise<string[]> {
    const url = `${await this.#discovery.getBaseUrl('auth')}/v1/userinfo`;
    let response: Response;
    try {
      response = await fetchDurably(url, { timeoutMs, headers: { authorization: `Bearer ${token}` } });
    } catch (thrown) {
      const error = new ServiceUnavailableError(
        "The auth plugin can't be asked about a user right now, try again later",
      );
      // For the log. Passed to the constructor, it would end up in the message, which callers see.
      throw Object.assign(error, { cause: new Error(`Asking ${url} failed`, { cause: thrown }) });
    }
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    const { claims } = (await response.json()) as { claims?: { ent?: unknown } };
    if (!isListOfText(claims?.ent)) {
      throw new Error(`The auth plugin's answer at ${url} has no list claims.ent`);
    }
    return claims.ent;
  }
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'string');
}
