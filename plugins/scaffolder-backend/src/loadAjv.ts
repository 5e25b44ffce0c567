// The validator of JSON schemas for inputs of actions and conditions of policies, loaded with the first schema.
import { createRequire } from 'node:module';
import type { Ajv } from 'ajv';

let loaded: Ajv | undefined;

/** Fills in defaults and knows formats. Synchronous, as the judging of conditions and inputs is. */
export function loadAjv(): Ajv {
  if (loaded) return loaded;
  const require = createRequire(__filename);
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { default: addFormats } = require('ajv-formats') as typeof import('ajv-formats');
  return (loaded = addFormats(new Ajv({ strict: false, allErrors: true, useDefaults: true })));
}
