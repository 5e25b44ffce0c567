// Reads a list of words: an array, or text separated by commas or whitespace.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from './InvalidConfigValueError';

/**
 * Returns the words at `name`, or `undefined` if it is not set. Throws `InvalidConfigValueError` for anything but a
 * non-empty list, and for words other than the `allowed` ones, if these are given.
 */
export function readWordList<T extends string = string>(
  config: Config,
  name: string,
  parentKey: string,
  allowed?: readonly T[],
): T[] | undefined {
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
  const wrong = allowed && words.find(word => !allowed.includes(word as T));
  if (wrong !== undefined) {
    throw new InvalidConfigValueError(
      `${parentKey}.${name}`,
      `has '${String(wrong)}', and may have ${allowed!.join(', ')}`,
    );
  }
  return [...new Set(words as T[])];
}
