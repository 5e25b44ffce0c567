// Encrypts what a task stores in the database, if it has access to secrets that might leak into it.
import type { JsonValue } from '@backstage/types';
import type { TaskCipher } from './TaskCipher';

/** Marks encrypted values. No JSON starts with it. */
const SEALED = 'sealed:';
enum Form {
  Plain = 0,
  Sealed = 1,
}

/** Bound to its task, so that no value can be moved to another one. */
export class TaskSeal {
  readonly #cipher: TaskCipher;
  readonly #taskId: string;
  readonly #needed: boolean;

  /** @param options - `needed`: whether the task sees any secrets; if not, values stay readable for operators */
  constructor(cipher: TaskCipher, options: { taskId: string; needed: boolean }) {
    this.#cipher = cipher;
    this.#taskId = options.taskId;
    this.#needed = options.needed;
  }

  sealValue(value: JsonValue, key: string): string {
    const json = JSON.stringify(value);
    return this.#needed ? `${SEALED}${this.#cipher.sealText(json, this.#context(key))}` : json;
  }

  openValue(stored: string, key: string): JsonValue {
    const json = stored.startsWith(SEALED)
      ? this.#cipher.openText(stored.slice(SEALED.length), this.#context(key))
      : stored;
    return JSON.parse(json) as JsonValue;
  }

  sealBytes(bytes: Buffer): Buffer {
    const form = Buffer.from([this.#needed ? Form.Sealed : Form.Plain]);
    return Buffer.concat([form, this.#needed ? this.#cipher.seal(bytes, this.#context('workspace')) : bytes]);
  }

  openBytes(stored: Buffer): Buffer {
    const content = stored.subarray(1);
    return stored[0] === Form.Sealed ? this.#cipher.open(content, this.#context('workspace')) : content;
  }

  #context(key: string): string {
    return `${this.#taskId} ${key}`;
  }
}
