// Signing keys from files that the operator provides.
import type { JWK } from 'jose';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InvalidConfigValueError } from '../../../InvalidConfigValueError';
import type { StaticKeyFiles } from '../config';
import type { PluginKeySource, SigningKey } from './PluginKeySource';

/**
 * The same keys for every plugin and all time: the first one signs, all of them verify.
 *
 * @public
 */
export class StaticKeys implements PluginKeySource {
  readonly #signing: SigningKey;
  readonly #publicKeys: JWK[];

  /** Reads the files. Throws `InvalidConfigValueError` for one that can't be read or is no key. */
  static async load(files: readonly StaticKeyFiles[]): Promise<StaticKeys> {
    const [first] = files;
    const privateKey = await readKey(first!.privateKeyFile!, `${first!.configKey}.privateKeyFile`, pem =>
      createPrivateKey(pem),
    );
    const publicKeys = await Promise.all(
      files.map(async ({ publicKeyFile, keyId, algorithm, configKey }): Promise<JWK> => {
        const key = await readKey(publicKeyFile, `${configKey}.publicKeyFile`, pem => createPublicKey(pem));
        return { ...(key.export({ format: 'jwk' }) as JWK), kid: keyId, alg: algorithm, use: 'sig' };
      }),
    );
    return new StaticKeys({ keyId: first!.keyId, algorithm: first!.algorithm, privateKey }, publicKeys);
  }

  private constructor(signing: SigningKey, publicKeys: JWK[]) {
    this.#signing = signing;
    this.#publicKeys = publicKeys;
  }

  getSigningKey(): Promise<SigningKey> {
    return Promise.resolve(this.#signing);
  }

  listPublicKeys(): Promise<JWK[]> {
    return Promise.resolve(this.#publicKeys);
  }
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
