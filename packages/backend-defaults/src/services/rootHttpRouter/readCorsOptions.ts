// Reads `backend.cors` into the options of the cors middleware.
import type { Config } from '@backstage/config';
import type { CorsOptions } from 'cors';
import { InvalidConfigValueError } from '../../InvalidConfigValueError';

/**
 * Reads `cors` of the `backend` configuration: `origin` (a string or a list, where `*` stands for anything but a slash),
 * `methods`, `allowedHeaders`, `exposedHeaders`, `credentials`, `maxAge` (seconds), `preflightContinue`,
 * `optionsSuccessStatus`. Without that section no origin is allowed.
 *
 * @public
 */
export function readCorsOptions(config?: Config): CorsOptions {
  const cors = config?.getOptionalConfig('cors');
  if (!cors) {
    return { origin: false };
  }
  const options: CorsOptions = {
    origin: readOrigin(cors),
    methods: readList(cors, 'methods'),
    allowedHeaders: readList(cors, 'allowedHeaders'),
    exposedHeaders: readList(cors, 'exposedHeaders'),
    credentials: cors.getOptionalBoolean('credentials'),
    maxAge: cors.getOptionalNumber('maxAge'),
    preflightContinue: cors.getOptionalBoolean('preflightContinue'),
    optionsSuccessStatus: cors.getOptionalNumber('optionsSuccessStatus'),
  };
  // The cors package reads a key that is present as set, even where its value is undefined.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function readOrigin(cors: Config): CorsOptions['origin'] {
  const value = cors.getOptional('origin');
  if (value === undefined || typeof value === 'boolean') {
    return value;
  }
  const origins = Array.isArray(value) ? value : [value];
  if (!origins.every(origin => typeof origin === 'string')) {
    throw new InvalidConfigValueError('backend.cors.origin', 'must be a string or a list of strings');
  }
  if (origins.includes('*')) {
    return '*';
  }
  return origins.map(globToRegExp);
}

/**
 * In any case, as browsers send the name of a host in small letters however it was configured. What stands between two
 * wildcards is taken where it comes first, so that there is one way to match only: anybody may send an origin of any length.
 */
function globToRegExp(glob: string): RegExp {
  const parts = glob.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const [first, last] = [parts.shift()!, parts.pop()];
  const middle = parts.map(part => `(?:(?!${part})[^/])*${part}`).join('');
  return new RegExp(`^${first}${middle}${last === undefined ? '' : `[^/]*${last}`}$`, 'i');
}

function readList(config: Config, key: string): string[] | undefined {
  const value = config.getOptional(key);
  return typeof value === 'string'
    ? value.split(',').map(part => part.trim())
    : config.getOptionalStringArray(key);
}
