// Says in few words what a value is, for messages.
import { types } from 'node:util';

/** What a value is, in few words. Never throws, whatever the value does when it is looked at. */
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

/** A value as somebody wrote it, in quotes; what is no single word is described. */
export function inQuotes(value: unknown): string {
  return Object(value) === value ? describe(value) : `'${String(value)}'`;
}

/** What ought to be a text: as it is, empty where it is missing, described where it is something else. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : describe(value);
}
