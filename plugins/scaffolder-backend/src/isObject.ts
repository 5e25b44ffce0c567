// Tells objects with keys from whatever else templates and requests hold.
import type { JsonObject } from '@backstage/types';

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
