// Tells plain objects from other values in templates and requests.
import type { JsonObject } from '@backstage/types';

/** Whether a value is an object and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
