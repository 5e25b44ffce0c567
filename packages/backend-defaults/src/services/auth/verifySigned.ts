// Verifies a token with a key that its issuer publishes.
import type { JsonObject } from '@backstage/types';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import type { PublicKey } from './keys/PluginKeySource';
import type { RemoteKeySet } from './keys/RemoteKeySet';
import { signatureAlgorithms } from './signatureAlgorithms';
import { TokenRejection, toRejection } from './TokenRejection';
import { verifyJwt } from './verifyJwt';

/**
 * Returns the claims and the key. Rejects with a `TokenRejection` that has the `fields`, or with `KeysUnavailable`.
 * `issuer` returns the name of the issuer, for the message about an unknown key.
 */
export async function verifySigned(
  token: string,
  { keys, fields, issuer }: { keys: RemoteKeySet; fields: JsonObject; issuer: () => string },
  checks: JWTVerifyOptions,
): Promise<{ payload: JWTPayload; key: PublicKey }> {
  let key: PublicKey | undefined;
  const findKey = async ({ kid }: { kid?: unknown }) => {
    key = typeof kid === 'string' ? await keys.find(kid) : undefined;
    if (key) return key;
    throw new TokenRejection(`its key '${fields.kid as string}' is unknown to ${issuer()}`, fields);
  };
  try {
    const payload = await verifyJwt(token, findKey, { algorithms: signatureAlgorithms, ...checks });
    return { payload, key: key! };
  } catch (error) {
    throw toRejection(error, fields);
  }
}
