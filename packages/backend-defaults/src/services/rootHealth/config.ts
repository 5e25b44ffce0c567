// Reads backend.health.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { readDuration } from '../../config/readDuration';

/** Headers added to every health response, from `backend.health.headers`: name to string. Default: none. */
export function readHealthHeaders(config: Config): Record<string, string> {
  const headers = config.getOptional('backend.health.headers');
  if (headers === undefined) return {};
  if (!isObject(headers)) {
    throw new InvalidConfigValueError(
      'backend.health.headers',
      'must be an object of header names and their values',
    );
  }
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new InvalidConfigValueError(
        `backend.health.headers.${name}`,
        'must be a string that is a valid header value',
      );
    }
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) {
      throw new InvalidConfigValueError(`backend.health.headers.${name}`, 'is not a valid header name');
    }
    result[name] = value;
  }
  return result;
}

/** How many milliseconds the result of a check is valid, from `backend.health.maxAge`. Default 5 s. */
export function readHealthCheckAge(config: Config): number {
  return readDuration(config, 'backend.health.maxAge') ?? 5_000;
}

/** Contributors that have to be well for the backend to be ready, from `backend.health.required`. Default: none. */
export function readRequiredContributors(config: Config): string[] {
  return config.getOptionalStringArray('backend.health.required') ?? [];
}
