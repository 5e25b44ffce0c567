// Takes secrets out of texts and values before anybody sees them.
import type { JsonValue } from '@backstage/types';
import { secretForms } from './secretForms';

/** Shorter ones are words of every other log line. */
const shortestSecret = 3;
/** By so many characters, separators left out, a secret is known, also when its end was cut off. */
const headLength = 8;
/** What filters and lists put between the characters of a text. */
const separators = `[\\s,"'\\[\\]]`;
const isSeparator = new RegExp(`^${separators}$`);
const everySeparator = new RegExp(separators, 'g');

/**
 * Knows the secrets of one task, as they are and in the forms in which they turn up: in another case, reversed, encoded for
 * URLs, JSON, HTML, hexadecimal or base64, spread out, or with their end cut off. Secrets of fewer than 3 characters are
 * not masked.
 */
export class SecretMask {
  /** What goes on behind their heads; several secrets may begin alike, as tokens do. */
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
      // Separators of the secret itself are among those that may stand anywhere: there must be one way to read them only.
      patterns.add(key.length < headLength ? escaped(head).join('') : escaped(key).join(`${separators}*`));
    }
    // The longest first: the end of one that another begins with would stay.
    const longestFirst = [...patterns].sort((one, other) => other.length - one.length);
    if (patterns.size > 0) this.#pattern = new RegExp(longestFirst.join('|'), 'gi');
  }

  /** The text with `***` in place of each secret. */
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

  /** The value with each text in it masked, names of fields included. */
  maskValue<T extends JsonValue | undefined>(value: T): T {
    if (!this.#pattern) return value;
    if (typeof value === 'string') return this.maskText(value) as T;
    if (Array.isArray(value)) return value.map(item => this.maskValue(item)) as JsonValue as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.maskText(key), this.maskValue(item)]),
    ) as T;
  }

  /** Where the secret whose head was found is over: as far as the text goes on as one of them does. */
  #endOf(match: RegExpExecArray, text: string): number {
    const end = match.index + match[0].length;
    const tails = this.#tails.get(withoutSeparators(fold(match[0]))) ?? [];
    return Math.max(end, ...tails.map(tail => goOn(text, end, tail)));
  }
}

/** How far the text has these characters, whatever stands between them. */
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

/** In the case in which the flag `i` of a pattern compares: one character for one, unlike what texts are in another case. */
function fold(text: string): string {
  return text.replace(/[^]/g, character => {
    const upper = character.toUpperCase();
    return upper.length === 1 && (upper >= '\x80' || character < '\x80') ? upper : character;
  });
}

function withoutSeparators(text: string): string {
  return text.replace(everySeparator, '');
}

/** Behind as many characters as it is known by; those that follow without separators, which a filter may have taken out. */
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
