// The signature algorithms allowed for tokens.

/** Asymmetric algorithms only: a public key must never be accepted as a shared secret. */
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
