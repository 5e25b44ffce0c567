// Reads `backend.csp` and `backend.referrer` into the options of helmet.
import type { Config } from '@backstage/config';
import { contentSecurityPolicy, type HelmetOptions } from 'helmet';
import { booleanFromText } from '../../config/fromText';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { readWordList } from '../../config/readWordList';

const referrerPolicies = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const;

/**
 * Reads `csp` of the `backend` configuration: lists of sources by directive, on top of helmet's defaults, except that
 * `script-src` allows `'unsafe-eval'` and `form-action` is left out. `false` removes a directive; `false` as the value
 * of `csp` removes the whole policy. And `referrer.policy`, a list, or text with commas; default `no-referrer`.
 *
 * @public
 */
export function readHelmetOptions(config?: Config): HelmetOptions {
  const referrer = config?.getOptionalConfig('referrer');
  const policy = referrer && readWordList(referrer, 'policy', 'backend.referrer', referrerPolicies);
  return {
    contentSecurityPolicy: readPolicy(config),
    // Sign-in windows of another origin talk to the page that opened them, and frontends show images of this backend.
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    originAgentCluster: false,
    ...(policy && { referrerPolicy: { policy } }),
  };
}

function readPolicy(config?: Config): HelmetOptions['contentSecurityPolicy'] {
  const csp = booleanFromText(config?.getOptional('csp'));
  if (csp === false) return false;
  const directives = { ...contentSecurityPolicy.getDefaultDirectives() };
  // Published frontends, which app-backend serves from here, compile form schemas and post to external sign-in pages.
  directives['script-src'] = ["'self'", "'unsafe-eval'"];
  delete directives['form-action'];
  if (csp === undefined) {
    return { useDefaults: false, directives };
  }
  if (!isObject(csp)) {
    throw new InvalidConfigValueError('backend.csp', 'must be an object of directives, or false');
  }
  for (const [name, given] of Object.entries(csp)) {
    const sources = booleanFromText(given);
    const directive = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    if (sources === false) {
      delete directives[directive];
    } else if (sources === true) {
      directives[directive] = [];
    } else if (Array.isArray(sources) && sources.every(source => typeof source === 'string')) {
      directives[directive] = sources as string[];
    } else {
      throw new InvalidConfigValueError(
        `backend.csp.${name}`,
        'must be a list of sources, or false to remove the directive',
      );
    }
  }
  return { useDefaults: false, directives };
}
