// The default tokens between plugins: JWTs signed with the caller's keys.
import type { DiscoveryService } from '@greenroom/backend-plugin-api';
import type { PluginKeySets } from './keys/PluginKeySets';
import type { PluginKeySource } from './keys/PluginKeySource';
import type { PluginTokenHandler } from './PluginTokenHandler';
import { signatureAlgorithms } from './signatureAlgorithms';
import { TokenRejection, toRejection } from './TokenRejection';
import { describeToken, readUnverifiedToken, showClaim } from './UnverifiedToken';

const type = 'vnd.backstage.plugin';
const lifetimeSeconds = 60 * 60;

/**
 * Options of {@link PluginTokens}.
 *
 * @public
 */
export interface PluginTokensOptions {
  /** The plugin that verifies: tokens for others are refused. */
  pluginId: string;
  keys: PluginKeySource;
  keySets: PluginKeySets;
  discovery: DiscoveryService;
}

/**
 * Signs with the plugin's own keys, and verifies with those that the calling plugin publishes.
 *
 * @public
 */
export class PluginTokens implements PluginTokenHandler {
  readonly #options: PluginTokensOptions;

  constructor(options: PluginTokensOptions) {
    this.#options = options;
  }

  async issueToken(options: Parameters<PluginTokenHandler['issueToken']>[0]): Promise<{ token: string }> {
    const { pluginId, targetPluginId, onBehalfOf } = options;
    const [{ SignJWT }, key] = await Promise.all([import('jose'), this.#options.keys.getSigningKey()]);
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = Math.min(
      issuedAt + lifetimeSeconds,
      onBehalfOf ? Math.floor(onBehalfOf.expiresAt.getTime() / 1000) : Infinity,
    );
    const token = await new SignJWT({
      sub: pluginId,
      aud: targetPluginId,
      iat: issuedAt,
      exp: expiresAt,
      ...(onBehalfOf && { obo: onBehalfOf.limitedUserToken }),
    })
      .setProtectedHeader({ typ: type, alg: key.algorithm, kid: key.keyId })
      .sign(key.privateKey);
    return { token };
  }

  async verifyToken(token: string): Promise<{ subject: string; limitedUserToken?: string } | undefined> {
    const unverified = readUnverifiedToken(token);
    if (unverified?.header.typ !== type) {
      return undefined;
    }
    const fields = describeToken(unverified);
    const { pluginId, keySets, discovery } = this.#options;
    const { sub, aud } = unverified.payload;
    // The subject becomes part of a URL.
    if (typeof sub !== 'string' || !/^[a-z][a-z0-9-]*$/i.test(sub)) {
      throw new TokenRejection('its subject is not the id of a plugin', fields);
    }
    // Told before any key is fetched.
    if (aud !== pluginId) {
      throw new TokenRejection(`its audience is ${showClaim(aud)}, not '${pluginId}'`, fields);
    }
    const { jwtVerify } = await import('jose');
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? undefined : await keySets.ofPlugin(sub, discovery).find(kid);
          if (!key) {
            throw new TokenRejection(
              `its key '${fields.kid as string}' is unknown to plugin '${sub}'`,
              fields,
            );
          }
          return key;
        },
        {
          typ: type,
          audience: pluginId,
          algorithms: signatureAlgorithms,
          requiredClaims: ['sub', 'aud', 'iat', 'exp'],
        },
      );
      const { obo } = payload;
      if (obo === undefined) {
        return { subject: sub };
      }
      // Never taken for the plugin itself, which may do more than a user.
      if (typeof obo !== 'string') {
        throw new TokenRejection(`what plugin '${sub}' shows of a user is no user token`, fields);
      }
      return { subject: sub, limitedUserToken: obo };
    } catch (error) {
      throw toRejection(error, fields);
    }
  }
}
