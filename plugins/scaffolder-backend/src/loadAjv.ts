// The JSON schema validator for action inputs and permission conditions, loaded on first use.
import { createRequire } from 'node:module';
import type { Ajv } from 'ajv';

let loaded: Ajv | undefined;

/** Applies defaults and knows formats. Synchronous, because callers validate synchronously. */
export function loadAjv(): Ajv {
  if (loaded) return loaded;
  const require = createRequire(__filename);
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');
  return (loaded = addFormats(new Ajv({ strict: false, allErrors: true, useDefaults: true })));
}
