// Masks secrets in strings and values before anybody sees them.
import type { JsonValue } from '@backstage/types';
import { secretForms } from './secretForms';

/** Shorter secrets would match words in every other log line. */
const shortestSecret = 3;
/** A secret is recognised by its first characters, not counting separators, so it is also found if its end was cut off. */
const headLength = 8;
/** What filters and lists put between the characters of a string. */
const separators = `[\\s,"'\\[\\]]`;
const isSeparator = new RegExp(`^${separators}$`);
const everySeparator = new RegExp(separators, 'g');

/**
 * Knows the secrets of one task, both verbatim and in the forms in which they turn up: in a different case, reversed,
 * encoded as part of a URL, JSON, HTML, hexadecimal or base64, spread out, or with their end cut off. Secrets of fewer than 3
 * characters are not masked.
 */
export class SecretMask {
  /** The rest of each secret by its head. Several secrets may share a head, as tokens often do. */
  readonly #tails = new Map<string, string[]>();
  readonly #pattern: RegExp | undefined;

  constructor(secrets: Iterable<string | undefined> = []) {
    const known = [...secrets].filter(secret => secret !== undefined && secret.length >= shortestSecret);
    const forms = new Set((known as string[]).flatMap(secretForms).map(fold));
    const patterns = new Set<string>();
    for (const form of forms) {
      const { head, tail } = cut(form);
      const key = withoutSeparators(head);
      this.#tails.set(key, [...(this.#tails.get(key) ?? []), tail]);
      // Without the secret's own separators: the pattern allows separators anywhere, and would become ambiguous.
      patterns.add(key.length < headLength ? escaped(head).join('') : escaped(key).join(`${separators}*`));
    }
    // Longest first: if one head is a prefix of another, the longer one has to win.
    const longestFirst = [...patterns].sort((one, other) => other.length - one.length);
    if (patterns.size > 0) this.#pattern = new RegExp(longestFirst.join('|'), 'gi');
  }

  /** Replaces every secret with `***`. */
  maskText(text: string): string {
    const pattern = this.#pattern;
    if (!pattern) return text;
    let masked = '';
    let end = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      masked += `${text.slice(end, match.index)}***`;
      end = this.#endOf(match, text);
      pattern.lastIndex = end;
    }
    return masked + text.slice(end);
  }

  /** Masks all strings in a value, including field names. */
  maskValue<T extends JsonValue | undefined>(value: T): T {
    if (!this.#pattern) return value;
    if (typeof value === 'string') return this.maskText(value) as T;
    if (Array.isArray(value)) return value.map(item => this.maskValue(item)) as JsonValue as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.maskText(key), this.maskValue(item)]),
    ) as T;
  }

  /** Where the secret with the matched head ends: as far as the text continues like one of the known secrets. */
  #endOf(match: RegExpExecArray, text: string): number {
    const end = match.index + match[0].length;
    const tails = this.#tails.get(withoutSeparators(fold(match[0]))) ?? [];
    return Math.max(end, ...tails.map(tail => goOn(text, end, tail)));
  }
}

/** How far the text contains these characters, with any separators in between. */
function goOn(text: string, from: number, characters: string): number {
  let end = from;
  for (let known = 0; known < characters.length; known++) {
    let next = end;
    while (isSeparator.test(text.charAt(next))) next++;
    if (fold(text.charAt(next)) !== characters[known]) break;
    end = next + 1;
  }
  return end;
}

/** Folds case like the `i` flag of a regular expression: one character to one, unlike `toUpperCase` on strings. */
function fold(text: string): string {
  // Much faster, and most secrets are.
  if (/^[\x00-\x7f]*$/.test(text)) return text.toUpperCase();
  return text.replace(/[^]/g, character => {
    const upper = character.toUpperCase();
    return upper.length === 1 && (upper >= '\x80' || character < '\x80') ? upper : character;
  });
}

function withoutSeparators(text: string): string {
  return text.replace(everySeparator, '');
}

/** Cuts after enough characters to recognise the form. The tail has no separators, which a filter may have removed. */
function cut(form: string): { head: string; tail: string } {
  let end = 0;
  for (let known = 0; end < form.length && known < headLength; end++) {
    if (!isSeparator.test(form.charAt(end))) known++;
  }
  return { head: form.slice(0, end), tail: withoutSeparators(form.slice(end)) };
}

function escaped(text: string): string[] {
  return [...text].map(character => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
}
