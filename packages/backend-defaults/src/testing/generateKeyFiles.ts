// Makes key pairs in PEM files, as backend.auth.pluginKeyStore names them.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A key pair, and where its files are. */
export interface KeyFiles {
  keyId: string;
  publicKeyFile: string;
  privateKeyFile: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** Writes `<keyId>.public.pem` and `<keyId>.private.pem` into `folder`; for ES256, or RS256 where `kind` is `rsa`. */
export async function generateKeyFiles(
  folder: string,
  keyId: string,
  kind: 'ec' | 'rsa' = 'ec',
): Promise<KeyFiles> {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyFile = join(folder, `${keyId}.public.pem`);
  const privateKeyFile = join(folder, `${keyId}.private.pem`);
  await writeFile(publicKeyFile, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(privateKeyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { keyId, publicKeyFile, privateKeyFile, ...pair };
}

/** The entry of `backend.auth.pluginKeyStore.static.keys`: with `signs` the one that signs, which is the first. */
export function toKeyEntry(files: KeyFiles, options: { signs?: boolean; algorithm?: string } = {}) {
  const { keyId, publicKeyFile, privateKeyFile } = files;
  const { signs = false, algorithm } = options;
  return { keyId, publicKeyFile, ...(signs && { privateKeyFile }), ...(algorithm && { algorithm }) };
}

/** The configuration of a backend that signs with these keys. */
export const staticKeyStore = (keys: ReturnType<typeof toKeyEntry>[]) => ({
  backend: { auth: { pluginKeyStore: { type: 'static', static: { keys } } } },
});
