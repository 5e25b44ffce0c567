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

/**
 * What there is of schemas in the packages that a backend consists of.
 *
 * @public
 */
export interface GatheredSchemas {
  readonly schemas: readonly PackageConfigSchema[];
  /** Packages whose schema cannot be used, and why. */
  readonly skipped: readonly SkippedSchema[];
  /** Packages whose schema is written as types and not known, for want of a compiler. */
  readonly uncompiled: readonly string[];
  /** Set where schemas written as types had to be compiled: how many, and the folder that keeps them, if there is one. */
  readonly compiled?: { readonly count: number; readonly folder?: string };
  /** How many package.json files were read. */
  readonly packages: number;
  readonly durationMs: number;
}
