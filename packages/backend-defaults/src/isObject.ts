// Distinguishes objects with keys from everything else in configuration, requests and tokens.
import type { JsonObject } from '@backstage/types';

/** Whether a value is an object and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
