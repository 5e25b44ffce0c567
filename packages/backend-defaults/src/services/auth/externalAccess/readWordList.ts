// Reads a list of words: an array, or text with commas or blanks between them.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../../InvalidConfigValueError';

/** The words at `name`; `undefined` if it is not set. Throws `InvalidConfigValueError` for an empty list, or none. */
export function readWordList(config: Config, name: string, parentKey: string): string[] | undefined {
  const value = config.getOptional(name);
  if (value === undefined) return undefined;
  const words = typeof value === 'string' ? value.split(/[\s,]+/).filter(word => word !== '') : value;
  if (
    !Array.isArray(words) ||
    words.length === 0 ||
    !words.every(word => typeof word === 'string' && word !== '')
  ) {
    throw new InvalidConfigValueError(
      `${parentKey}.${name}`,
      'must be a list of words, or text with commas between them',
    );
  }
  return [...new Set(words as string[])];
}
