// Holds the secrets that must not appear in the log, and masks them in texts.
import { SecretMatcher } from './SecretMatcher';

/** More characters than Node accepts in a URL by default. Encoding larger secrets would double time and memory for nothing. */
const longestUrl = 16_384;

/** Masks secrets. Costs nothing while there are none. */
export class SecretRedactor {
  readonly #secrets = new Set<string>();
  readonly #allowed: ReadonlySet<string>;
  #matcher?: SecretMatcher;

  /** Strings in `allowed` are not masked, whoever adds them. */
  constructor(allowed: Iterable<string> = []) {
    this.#allowed = new Set(allowed);
  }

  /**
   * Adds secrets. Whitespace around them is ignored, and so are secrets of fewer than two characters.
   *
   * @returns whether there was a new one.
   */
  add(secrets: Iterable<string>): boolean {
    const before = this.#secrets.size;
    for (const secret of secrets) {
      const trimmed = secret.trim();
      if (trimmed.length < 2 || this.#allowed.has(trimmed)) continue;
      this.#secrets.add(trimmed);
      // The form that the secret has inside a text made by JSON.stringify.
      this.#secrets.add(JSON.stringify(trimmed).slice(1, -1));
      if (trimmed.length > longestUrl) continue;
      // The forms that it has in a URL, such as that of a request. What is not well-formed can't be encoded.
      this.#secrets.add(encodeURIComponent(trimmed.replace(/\p{Surrogate}/gu, '\ufffd')));
      // As browsers and URLSearchParams encode a query: a space is a plus, and more is escaped.
      this.#secrets.add(new URLSearchParams([['', trimmed]]).toString().slice(1));
    }
    const changed = this.#secrets.size > before;
    if (changed) this.#matcher = undefined;
    return changed;
  }

  /** Replaces each secret in the text with `***`. */
  readonly redact = (text: string): string => {
    if (this.#secrets.size === 0) return text;
    // Built for the first text instead of in each `add`, because there may be many of these in a row.
    this.#matcher ??= new SecretMatcher([...this.#secrets]);
    return this.#matcher.mask(text);
  };
}
