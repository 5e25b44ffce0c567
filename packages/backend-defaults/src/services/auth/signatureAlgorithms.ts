// The signature algorithms that tokens may have.

/** All with a key pair: a public key must never pass for a shared secret. */
export const signatureAlgorithms: string[] = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
  'Ed25519',
];
