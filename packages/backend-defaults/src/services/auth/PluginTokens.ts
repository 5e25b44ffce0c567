// The default tokens between plugins: JWTs signed with the caller's keys.
import type { DiscoveryService } from '@greenroom/backend-plugin-api';
import { setBounded } from '../../setBounded';
import type { PluginKeySets } from './keys/PluginKeySets';
import type { PluginKeySource, PublicKey, SigningKey } from './keys/PluginKeySource';
import type { PluginTokenHandler } from './PluginTokenHandler';
import { TokenRejection } from './TokenRejection';
import { describeToken, readUnverifiedToken, showClaim } from './UnverifiedToken';
import { verifySigned } from './verifySigned';

const type = 'vnd.backstage.plugin';
const lifetimeSeconds = 60 * 60;
/** How long an issued token is reused. */
const reusedSeconds = 60;
/** How many issued tokens are remembered, and how many verified ones. */
const mostRemembered = 1_000;

type Verified = Awaited<ReturnType<PluginTokenHandler['verifyToken']>>;

/**
 * Options of {@link PluginTokens}.
 *
 * @public
 */
export interface PluginTokensOptions {
  /** The plugin that verifies. Tokens with another audience are refused. */
  pluginId: string;
  keys: PluginKeySource;
  keySets: PluginKeySets;
  discovery: DiscoveryService;
}

/**
 * Signs with the plugin's own keys and verifies with the keys that the calling plugin publishes. A signature costs
 * more than the rest of a small request, so tokens are reused for a minute, and a verified token is only verified
 * again if its key has changed.
 *
 * @public
 */
export class PluginTokens implements PluginTokenHandler {
  readonly #options: PluginTokensOptions;
  readonly #issued = new Map<string, { key: SigningKey; issuedAt: number; token: Promise<string> }>();
  readonly #verified = new Map<string, { key: PublicKey; expiresAt: number; caller: Verified }>();

  constructor(options: PluginTokensOptions) {
    this.#options = options;
  }

  async issueToken(options: Parameters<PluginTokenHandler['issueToken']>[0]): Promise<{ token: string }> {
    const { pluginId, targetPluginId, onBehalfOf } = options;
    const key = await this.#options.keys.getSigningKey();
    const issuedAt = Math.floor(Date.now() / 1000);
    const use = JSON.stringify([pluginId, targetPluginId, onBehalfOf?.limitedUserToken]);
    const known = this.#issued.get(use);
    const age = known && issuedAt - known.issuedAt;
    if (known?.key === key && age! >= 0 && age! < reusedSeconds) {
      return { token: await known.token };
    }
    const token = sign(options, key, issuedAt);
    setBounded(this.#issued, use, { key, issuedAt, token }, mostRemembered);
    token.catch(() => this.#issued.delete(use));
    return { token: await token };
  }

  async verifyToken(token: string): Promise<{ subject: string; limitedUserToken?: string } | undefined> {
    const unverified = readUnverifiedToken(token);
    if (unverified?.header.typ !== type) return undefined;
    const fields = describeToken(unverified);
    const { pluginId, keySets, discovery } = this.#options;
    const { sub, aud } = unverified.payload;
    // The subject becomes part of a URL.
    if (typeof sub !== 'string' || !/^[a-z][a-z0-9-]*$/i.test(sub)) {
      throw new TokenRejection('its subject is not the id of a plugin', fields);
    }
    // Checked before any key is fetched.
    if (aud !== pluginId) {
      throw new TokenRejection(`its audience is ${showClaim(aud)}, not '${pluginId}'`, fields);
    }
    const keys = keySets.ofPlugin(sub, discovery);
    const known = this.#verified.get(token);
    if (known && Date.now() < known.expiresAt && (await keys.find(known.key.kid!)) === known.key) {
      return known.caller;
    }
    const nowhere = () =>
      keys.emptyUrl
        ? `: nothing is at ${keys.emptyUrl}. Name the backend of '${sub}' in discovery.endpoints; the plugin itself has to depend on the HTTP router`
        : '';
    const { payload, key } = await verifySigned(
      token,
      { keys, fields, issuer: () => `plugin '${sub}'${nowhere()}` },
      { typ: type, audience: pluginId, requiredClaims: ['sub', 'aud', 'iat', 'exp'] },
    );
    keys.prove();
    const { obo } = payload;
    // Must not be mistaken for a call by the plugin itself, which may do more than a user.
    if (obo !== undefined && typeof obo !== 'string') {
      throw new TokenRejection(`what plugin '${sub}' presents for a user is not a user token`, fields);
    }
    const caller = { subject: sub, ...(obo !== undefined && { limitedUserToken: obo }) };
    setBounded(this.#verified, token, { key, expiresAt: payload.exp! * 1000, caller }, mostRemembered);
    return caller;
  }
}

async function sign(
  { pluginId, targetPluginId, onBehalfOf }: Parameters<PluginTokenHandler['issueToken']>[0],
  key: SigningKey,
  issuedAt: number,
): Promise<string> {
  const { SignJWT } = await import('jose');
  const expiresAt = Math.min(
    issuedAt + lifetimeSeconds,
    onBehalfOf ? Math.floor(onBehalfOf.expiresAt.getTime() / 1000) : Infinity,
  );
  return new SignJWT({
    sub: pluginId,
    aud: targetPluginId,
    iat: issuedAt,
    exp: expiresAt,
    ...(onBehalfOf && { obo: onBehalfOf.limitedUserToken }),
  })
    .setProtectedHeader({ typ: type, alg: key.algorithm, kid: key.keyId })
    .sign(key.privateKey);
}
