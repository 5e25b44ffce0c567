// Checks a configuration against the schemas of all packages: violations, misspelt and deprecated keys, and secret values.
import { nearestId } from '@greenroom/backend-plugin-api/internal';
import { configKey, type ConfigPath, type ConfigProblem } from '../ConfigPlace';
import type { MergedConfig } from '../mergeSources';
import type { ConfigSchema } from './ConfigSchema';
import { describeViolation } from './describeViolation';
import { findViolations, type Violation } from './findViolations';
import type { PackageConfigSchema } from './PackageConfigSchema';
import { secretStrings } from './secretStrings';
import { walkConfig } from './walkConfig';

/** The result of a check. */
export interface CheckedConfig {
  readonly problems: ConfigProblem[];
  readonly warnings: ConfigProblem[];
  /** The secrets known before, and the values that schemas mark as secret. */
  readonly secrets: Set<string>;
  /** Whether a schema marks the value at `path`, or one around it, as secret. */
  isSecret(path: ConfigPath): boolean;
}

/** Checks `merged`. Messages show neither `knownSecrets` nor values marked as secret. */
export async function checkConfig(
  merged: MergedConfig,
  schemas: readonly PackageConfigSchema[],
  knownSecrets: ReadonlySet<string>,
): Promise<CheckedConfig> {
  const { data, locate } = merged;
  const secrets = new Set(knownSecrets);
  const secretKeys = new Set<string>();
  const roots = schemas.map(({ schema }) => schema as ConfigSchema);
  const warnings: ConfigProblem[] = [];
  walkConfig(data, roots, ({ path, value, isSecret, known, deprecated }) => {
    if (deprecated) {
      const instead = deprecated === true ? '' : `: ${deprecated}`;
      warnings.push({ ...locate(path), message: `${configKey(path)} is deprecated${instead}` });
    }
    if (isSecret) {
      secretKeys.add(configKey(path));
      for (const text of secretStrings(value)) secrets.add(text);
    } else if (known) {
      // Packages without a schema share the top, so there a key is misspelt only if the one that it resembles is not set.
      const isFree = (key: string) => path.length > 1 || !Object.hasOwn(data, key);
      const { nearest } = nearestId(String(path.at(-1)), [...known].filter(isFree));
      if (nearest === undefined) return;
      const message = `${configKey(path)} is not known: did you mean '${nearest}'?`;
      warnings.push({ ...locate(path), message });
    }
  });

  const isSecret = (path: ConfigPath) =>
    path.some((_, at) => secretKeys.has(configKey(path.slice(0, at + 1))));
  const mustHide = (path: ConfigPath, value: string) =>
    isSecret(path) || [...secrets].some(secret => value.includes(secret));
  const { violations, unusable } = await findViolations(data, schemas);
  const ofPackages = unusable.map(({ packageName, reason }) => ({
    message: `The configuration schema of ${packageName} is not used: ${reason}`,
  }));
  const problems = violations.map(violation => ({
    ...locate(violation.path),
    message: describeViolation(violation, mustHide),
    ...(isLeftToItsPlugin(violation) && { askedBy: violation.packageName }),
  }));
  return {
    problems: inOrderOfPlaces(problems),
    warnings: [...inOrderOfPlaces(warnings), ...ofPackages],
    secrets,
    isSecret,
  };
}

// Published plugins have never been refused because a value is missing, and often run without it: a newer form of the
// key may be set, or a plugin may be installed but not added.
function isLeftToItsPlugin({ keyword, packageName }: Violation): boolean {
  return keyword === 'required' && !packageName.startsWith('@greenroom/');
}

/** Sorts by file, line and column, with the environment last. Files keep the order of their first occurrence. */
function inOrderOfPlaces(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const files = [...new Set([...problems.flatMap(({ file }) => file ?? []), undefined])];
  return [...problems].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}
