// Types of the configuration schemas that packages ship, whether usable or not.
import type { JsonObject } from '@backstage/types';

/**
 * The schema that a package ships.
 *
 * @public
 */
export interface PackageConfigSchema {
  packageName: string;
  /** A JSON schema of the whole configuration that covers what the package reads. */
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
  /** Whether the rest of the schema is used. It is written as types, some of which cannot be found. */
  inPart?: boolean;
}

/**
 * The schemas of the packages that a backend consists of.
 *
 * @public
 */
export interface GatheredSchemas {
  readonly schemas: readonly PackageConfigSchema[];
  /** Packages whose schema cannot be used, and why. */
  readonly skipped: readonly SkippedSchema[];
  /** Packages whose schema is written as types and is unknown, because no compiler is installed. */
  readonly uncompiled: readonly string[];
  /** Set if schemas written as types had to be compiled: how many, and the folder that they are cached in, if any. */
  readonly compiled?: { readonly count: number; readonly folder?: string };
  /** How many package.json files were read. */
  readonly packages: number;
  readonly durationMs: number;
}
