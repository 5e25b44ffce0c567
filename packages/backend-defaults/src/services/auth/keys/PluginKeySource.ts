// Where a plugin's own signing keys come from.
import type { CryptoKey, JWK, KeyObject } from 'jose';

/** A signing key. */
export interface SigningKey {
  keyId: string;
  algorithm: string;
  privateKey: KeyObject | CryptoKey;
}

/**
 * The keys of one plugin.
 *
 * @public
 */
export interface PluginKeySource {
  /** The key to sign the next token with. It has already been published. */
  getSigningKey(): Promise<SigningKey>;
  /** All keys, of all instances, whose tokens may still be valid. */
  listPublicKeys(): Promise<JWK[]>;
}
