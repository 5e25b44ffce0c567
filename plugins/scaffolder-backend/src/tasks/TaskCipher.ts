// Encrypts data that must not be stored in plain text.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 8;

interface Key {
  /** Identifies the key that something was encrypted with. */
  readonly id: Buffer;
  readonly secret: Buffer;
}

/** Thrown if something was encrypted with a key that this instance does not have. */
export class UnknownTaskKeyError extends Error {
  override readonly name = 'UnknownTaskKeyError';
  readonly code = 'GR_SCAFFOLDER_KEY_UNKNOWN';

  constructor() {
    super(
      'its secrets can not be read, as they were encrypted with a key that this instance does not have. ' +
        'Without a key in scaffolder.taskSecrets.keys, an instance makes one of its own, which ends with it: set one, the same for all instances',
    );
  }
}

/** AES-256-GCM with keys derived from strings. The first key encrypts, all of them can decrypt. */
export class TaskCipher {
  readonly #keys: readonly Key[];
  /** Whether other instances, and this one after a restart, can decrypt the data. */
  readonly isShared: boolean;

  /** @param texts - the configured keys; if empty, a random key is generated, which is lost when the process ends */
  constructor(texts: readonly string[] = []) {
    this.isShared = texts.length > 0;
    const materials = this.isShared ? texts : [randomBytes(32)];
    this.#keys = materials.map(material => {
      const secret = Buffer.from(hkdfSync('sha256', material, '', 'greenroom scaffolder tasks', 32));
      return { secret, id: createHash('sha256').update(secret).digest().subarray(0, ID_BYTES) };
    });
  }

  /** @param context - must be the same when opening, so that a sealed value can't be moved to another place */
  seal(plain: Buffer, context: string): Buffer {
    const key = this.#keys[0]!;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key.secret, nonce).setAAD(Buffer.from(context));
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([key.id, nonce, cipher.getAuthTag(), encrypted]);
  }

  /** Throws `UnknownTaskKeyError` if the key is unknown, or an error of Node's crypto module if the data was altered. */
  open(sealed: Buffer, context: string): Buffer {
    const key = this.#keys.find(({ id }) => id.equals(sealed.subarray(0, ID_BYTES)));
    if (!key) throw new UnknownTaskKeyError();
    const [nonceAt, tagAt, bodyAt] = [ID_BYTES, ID_BYTES + NONCE_BYTES, ID_BYTES + NONCE_BYTES + TAG_BYTES];
    const decipher = createDecipheriv(ALGORITHM, key.secret, sealed.subarray(nonceAt, tagAt))
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(tagAt, bodyAt));
    return Buffer.concat([decipher.update(sealed.subarray(bodyAt)), decipher.final()]);
  }

  /** Like {@link TaskCipher.seal}, from a string to base64. */
  sealText(plain: string, context: string): string {
    return this.seal(Buffer.from(plain), context).toString('base64');
  }

  /** Like {@link TaskCipher.open}, from base64 to a string. */
  openText(sealed: string, context: string): string {
    return this.open(Buffer.from(sealed, 'base64'), context).toString('utf8');
  }
}
