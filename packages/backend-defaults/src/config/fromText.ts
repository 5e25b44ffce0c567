// Turns text into the boolean or number that it stands for, because a variable in the configuration is always text.
import type { JsonValue } from '@backstage/types';

/** `true` and `false` as booleans, also where they are text; anything else as it is. */
export function booleanFromText<T extends JsonValue | undefined>(value: T): T | boolean {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return text === 'true' || text === 'false' ? text === 'true' : value;
}

/** Booleans and whole numbers, also where they are text; anything else as it is. */
export function fromText<T extends JsonValue | undefined>(value: T): T | boolean | number {
  return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : booleanFromText(value);
}
