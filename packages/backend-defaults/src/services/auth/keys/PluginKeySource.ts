// Where a plugin's own signing keys come from.
import type { KeyObject, webcrypto } from 'node:crypto';

/** A signing key. */
export interface SigningKey {
  keyId: string;
  algorithm: string;
  privateKey: KeyObject | webcrypto.CryptoKey;
}

/** A public key as a JSON Web Key. Our own type, because CommonJS can't import the types of `jose`. */
export interface PublicKey extends webcrypto.JsonWebKey {
  kid?: string;
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
  listPublicKeys(): Promise<PublicKey[]>;
}
