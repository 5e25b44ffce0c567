// Reads `backend.cors` into the options of the cors middleware.
import type { Config } from '@backstage/config';
import type { CorsOptions } from 'cors';
import { globToRegExp } from '../../globToRegExp';
import { booleanFromText } from '../../config/fromText';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { withoutUndefined } from '../../withoutUndefined';

/**
 * Reads `cors` of the `backend` configuration: `origin` (a string or a list, in which `*` matches anything but a
 * slash and `{a,b}` either of the two), `methods`, `allowedHeaders`, `exposedHeaders`, `credentials`, `maxAge` (seconds),
 * `preflightContinue`, `optionsSuccessStatus`. Without this section, or without `origin` in it, no origin is allowed.
 *
 * @public
 */
export function readCorsOptions(config?: Config): CorsOptions {
  const cors = config?.getOptionalConfig('cors');
  if (!cors) {
    return { origin: false };
  }
  return withoutUndefined<CorsOptions>({
    origin: readOrigin(cors),
    methods: readList(cors, 'methods'),
    allowedHeaders: readList(cors, 'allowedHeaders'),
    exposedHeaders: readList(cors, 'exposedHeaders'),
    credentials: cors.getOptionalBoolean('credentials'),
    maxAge: cors.getOptionalNumber('maxAge'),
    preflightContinue: cors.getOptionalBoolean('preflightContinue'),
    optionsSuccessStatus: cors.getOptionalNumber('optionsSuccessStatus'),
  });
}

function readOrigin(cors: Config): CorsOptions['origin'] {
  // Without an origin, for example because a variable is not set, the middleware would allow all of them.
  const value = booleanFromText(cors.getOptional('origin')) ?? false;
  if (typeof value === 'boolean') return value;
  const origins = Array.isArray(value) ? value : [value];
  if (!origins.every(origin => typeof origin === 'string')) {
    throw new InvalidConfigValueError('backend.cors.origin', 'must be a string or a list of strings');
  }
  if (origins.includes('*')) {
    return '*';
  }
  // Ignores case, because browsers send host names in lower case, however they are configured.
  return origins.flatMap(expandBraces).map(origin => globToRegExp(origin, { star: '[^/]', flags: 'i' }));
}

/** Turns `{a,b}` into one text with `a` and one with `b`. */
function expandBraces(text: string): string[] {
  const group = /\{([^{}]*,[^{}]*)\}/.exec(text);
  if (!group) return [text];
  const [before, after] = [text.slice(0, group.index), text.slice(group.index + group[0].length)];
  return group[1]!.split(',').flatMap(choice => expandBraces(before + choice + after));
}

function readList(config: Config, key: string): string[] | undefined {
  const value = config.getOptional(key);
  return typeof value === 'string'
    ? value.split(',').map(part => part.trim())
    : config.getOptionalStringArray(key);
}
