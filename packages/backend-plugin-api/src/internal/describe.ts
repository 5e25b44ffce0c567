// Describes values briefly, for messages.
import { types } from 'node:util';

/** Describes a value in a few words. Never throws, even if accessing the value does. */
export function describe(value: unknown): string {
  try {
    return inWords(value);
  } catch {
    return 'something that throws when it is looked at';
  }
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string '${value.slice(0, 60)}'`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function')
    return value.name && typeof value.name === 'string' ? `the function '${value.name}'` : 'a function';
  if (typeof value !== 'object') return `the ${typeof value} ${String(value)}`;
  if (types.isPromise(value)) return 'a promise';
  const keys = Object.keys(value);
  return keys.length > 0 ? `an object with ${keys.slice(0, 5).join(', ')}` : 'an empty object';
}

/** A primitive value in quotes; anything else is described. */
export function inQuotes(value: unknown): string {
  return Object(value) === value ? describe(value) : `'${String(value)}'`;
}

/** Returns a string unchanged, undefined as an empty string, and describes anything else. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : describe(value);
}
