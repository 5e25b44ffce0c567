// Keeps the secrets that must not show in the log, and masks them in texts.
import { SecretMatcher } from './SecretMatcher';

/** Masks secrets; costs nothing while there are none. */
export class SecretRedactor {
  readonly #secrets = new Set<string>();
  readonly #allowed: ReadonlySet<string>;
  #matcher?: SecretMatcher;

  /** What is allowed is not masked, whoever adds it. */
  constructor(allowed: Iterable<string> = []) {
    this.#allowed = new Set(allowed);
  }

  /**
   * Adds secrets. Space around one is not part of it; those of less than two characters are left out.
   *
   * @returns whether there was a new one.
   */
  add(secrets: Iterable<string>): boolean {
    const before = this.#secrets.size;
    for (const secret of secrets) {
      const trimmed = secret.trim();
      if (trimmed.length < 2 || this.#allowed.has(trimmed)) continue;
      this.#secrets.add(trimmed);
      // How the secret looks within a text that was made by JSON.stringify.
      this.#secrets.add(JSON.stringify(trimmed).slice(1, -1));
    }
    const changed = this.#secrets.size > before;
    if (changed) this.#matcher = undefined;
    return changed;
  }

  /** The text with each secret in it replaced by `***`. */
  readonly redact = (text: string): string => {
    if (this.#secrets.size === 0) return text;
    // Built at the first text rather than at each `add`, of which there may be many in a row.
    this.#matcher ??= new SecretMatcher([...this.#secrets]);
    return this.#matcher.mask(text);
  };
}
