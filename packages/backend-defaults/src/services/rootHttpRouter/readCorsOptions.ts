// Reads `backend.cors` into the options of the cors middleware.
import type { Config } from '@backstage/config';
import type { CorsOptions } from 'cors';
import { globToRegExp } from '../../globToRegExp';
import { booleanFromText } from '../../config/fromText';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { withoutUndefined } from '../../withoutUndefined';

/** How many origins one text with braces may stand for. */
const mostPatterns = 1_000;

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
  const patterns = origins.flatMap(expandBraces);
  // As a pattern it would match the origin `null`, which then could send cookies.
  if (patterns.some(pattern => /^\*+$/.test(pattern))) {
    return '*';
  }
  // Ignores case, because browsers send host names in lower case, however they are configured.
  return patterns.map(pattern => globToRegExp(pattern, { star: '[^/]', flags: 'i' }));
}

/** Turns `{a,b}` into one text with `a` and one with `b`. Throws `InvalidConfigValueError` for other braces. */
function expandBraces(origin: string): string[] {
  const group = /\{([^{}]*,[^{}]*)\}/;
  let texts = [origin];
  while (texts.length <= mostPatterns && texts.some(text => group.test(text))) {
    texts = texts.flatMap(text => {
      const [whole, choices] = group.exec(text) ?? [];
      return choices === undefined
        ? [text]
        : choices.split(',').map(choice => text.replace(whole!, () => choice));
    });
  }
  if (texts.length > mostPatterns) {
    throw new InvalidConfigValueError(
      'backend.cors.origin',
      `has '${origin}', which stands for more than ${mostPatterns} origins`,
      { hint: 'Use * where any text may be.' },
    );
  }
  // No origin has braces, so it would allow nobody.
  if (texts.some(text => /[{}]/.test(text))) {
    throw new InvalidConfigValueError(
      'backend.cors.origin',
      `has '${origin}', whose braces are not of the form {a,b}`,
      { hint: 'Name each of the choices, such as {1,2,3}.' },
    );
  }
  return texts;
}

function readList(config: Config, key: string): string[] | undefined {
  const value = config.getOptional(key);
  return typeof value === 'string'
    ? value.split(',').map(part => part.trim())
    : config.getOptionalStringArray(key);
}
