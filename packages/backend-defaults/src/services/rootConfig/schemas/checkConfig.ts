// Checks a configuration against the schemas of all packages: violations, misspelt and outdated keys, and which values are secrets.
import { nearestId } from '@greenroom/backend-plugin-api/internal';
import type { ConfigPath } from '../ConfigDocument';
import type { ConfigProblem } from '../ConfigPlace';
import type { MergedConfig } from '../mergeSources';
import type { ConfigSchema } from './ConfigSchema';
import { describeViolation } from './describeViolation';
import { findViolations, type Violation } from './findViolations';
import type { PackageConfigSchema } from './PackageConfigSchema';
import { configKey } from './configKey';
import { secretStrings } from './secretStrings';
import { walkConfig } from './walkConfig';

/** What the check found. */
export interface CheckedConfig {
  readonly problems: ConfigProblem[];
  readonly warnings: ConfigProblem[];
  /** Those given and those that the schemas know. */
  readonly secrets: Set<string>;
  /** Whether a schema calls the value at `path`, or one around it, a secret. */
  isSecret(path: ConfigPath): boolean;
}

/** Checks `merged`; `knownSecrets` are not shown in messages. */
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
      // The top is shared with packages that ship no schema: a slip is only what stands where its like is missing.
      const isFree = (key: string) => path.length > 1 || !Object.hasOwn(data, key);
      const { nearest } = nearestId(String(path.at(-1)), [...known].filter(isFree));
      if (nearest === undefined) return;
      const effect = path.length > 1 ? ' and has no effect' : '';
      const message = `${configKey(path)} is not known${effect}: did you mean '${nearest}'?`;
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

// Published plugins have never been refused for what is missing before they run, and run without much of it: a newer form of a
// key that is there, or what a plugin needs that is installed and not added.
function isLeftToItsPlugin({ keyword, packageName }: Violation): boolean {
  return keyword === 'required' && !packageName.startsWith('@greenroom/');
}

/** As somebody who goes through the files would meet them, the environment last; the files stay in the order in which they first occur. */
function inOrderOfPlaces(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const files = [...new Set([...problems.flatMap(({ file }) => file ?? []), undefined])];
  return [...problems].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}
