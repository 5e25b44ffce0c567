// Signing keys from files provided by the operator.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import type { StaticKeyFiles } from '../config';
import type { PluginKeySource, PublicKey } from './PluginKeySource';

/**
 * Reads the files. All plugins use the same keys, and they never change: the first one signs, all of them verify.
 * Throws `InvalidConfigValueError` if a file can't be read or is not a key.
 */
export async function loadStaticKeys(files: readonly StaticKeyFiles[]): Promise<PluginKeySource> {
  const { keyId, algorithm, privateKeyFile, configKey } = files[0]!;
  const privateKey = await readKey(privateKeyFile!, `${configKey}.privateKeyFile`, createPrivateKey);
  const publicKeys = await Promise.all(
    files.map(async (file): Promise<PublicKey> => {
      const key = await readKey(file.publicKeyFile, `${file.configKey}.publicKeyFile`, createPublicKey);
      return {
        ...(key.export({ format: 'jwk' }) as PublicKey),
        kid: file.keyId,
        alg: file.algorithm,
        use: 'sig',
      };
    }),
  );
  const signing = { keyId, algorithm, privateKey };
  return { getSigningKey: async () => signing, listPublicKeys: async () => publicKeys };
}

async function readKey(file: string, key: string, parse: (pem: string) => KeyObject): Promise<KeyObject> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new InvalidConfigValueError(key, `must name a PEM file with a key: ${(cause as Error).message}`, {
      cause,
    });
  }
}
