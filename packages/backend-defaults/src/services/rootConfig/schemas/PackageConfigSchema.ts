// The shapes of schemas as packages ship them, usable or not.
import type { JsonObject } from '@backstage/types';

/**
 * The schema that a package ships.
 *
 * @public
 */
export interface PackageConfigSchema {
  packageName: string;
  /** A JSON schema of the whole configuration, as far as the package reads it. */
  schema: JsonObject;
}

/**
 * A package whose schema cannot be used.
 *
 * @public
 */
export interface SkippedSchema {
  packageName: string;
  reason: string;
  /** Whether the rest of the schema is used: it is written as types, some of which cannot be found. */
  inPart?: boolean;
}
