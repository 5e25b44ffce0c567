// Reads the parameters of a query string, whichever parser was used for it.
import { InputError } from '@backstage/errors';
import { isStrings } from '../jsonShapes';

/** All values of a parameter in order; empty if it is missing. */
export function readStrings(query: Record<string, unknown>, name: string): string[] {
  const value = query[name];
  if (value === undefined) return [];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (isStrings(values)) return values;
  throw new InputError(`The query parameter '${name}' must be text, such as ?${name}=...`);
}

/** The value of a parameter that may only be given once. */
export function readString(query: Record<string, unknown>, name: string): string | undefined {
  const values = readStrings(query, name);
  if (values.length > 1) throw new InputError(`The query parameter '${name}' can be given only once`);
  return values[0];
}

/** The value of a parameter that is a non-negative integer. */
export function readCount(query: Record<string, unknown>, name: string): number | undefined {
  const value = readString(query, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InputError(`The query parameter '${name}' must be a whole number from 0 up, not '${value}'`);
}
