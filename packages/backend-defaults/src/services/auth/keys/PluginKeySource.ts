// Where a plugin's own signing keys come from.
import type { CryptoKey, JWK, KeyObject } from 'jose';

/** A key to sign with. */
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
  /** The key to sign the next token with, already among the public ones. */
  getSigningKey(): Promise<SigningKey>;
  /** All keys whose tokens may still be valid, of all instances. */
  listPublicKeys(): Promise<JWK[]>;
}
