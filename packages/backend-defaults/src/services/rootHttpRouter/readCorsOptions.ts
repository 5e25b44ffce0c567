// Reads `backend.cors` into the options of the cors middleware.
import type { Config } from '@backstage/config';
import type { CorsOptions } from 'cors';
import { globToRegExp } from '../../globToRegExp';
import { InvalidConfigValueError } from '../../InvalidConfigValueError';
import { withoutUndefined } from '../../withoutUndefined';

/**
 * Reads `cors` of the `backend` configuration: `origin` (a string or a list, where `*` stands for anything but a slash),
 * `methods`, `allowedHeaders`, `exposedHeaders`, `credentials`, `maxAge` (seconds), `preflightContinue`,
 * `optionsSuccessStatus`. Without that section, or without `origin` in it, no origin is allowed.
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
  // Without one the middleware would allow all, as where it is a variable that is not set.
  const value = cors.getOptional('origin') ?? false;
  if (typeof value === 'boolean') return value;
  const origins = Array.isArray(value) ? value : [value];
  if (!origins.every(origin => typeof origin === 'string')) {
    throw new InvalidConfigValueError('backend.cors.origin', 'must be a string or a list of strings');
  }
  if (origins.includes('*')) {
    return '*';
  }
  // In any case, as browsers send the name of a host in small letters however it was configured.
  return origins.map(origin => globToRegExp(origin, { star: '[^/]', flags: 'i' }));
}

function readList(config: Config, key: string): string[] | undefined {
  const value = config.getOptional(key);
  return typeof value === 'string'
    ? value.split(',').map(part => part.trim())
    : config.getOptionalStringArray(key);
}
