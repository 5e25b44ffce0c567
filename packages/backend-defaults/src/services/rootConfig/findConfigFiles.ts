// Decides which configuration files to read: those given by `--config`, or else app-config.yaml in the nearest directory.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The files to read, weakest first. */
export interface FoundConfigFiles {
  /** Absolute paths of files that must be readable. */
  readonly required: readonly string[];
  /** Absolute paths of files that are read if they exist, and watched even if they don't. */
  readonly optional: readonly string[];
  /** Problems with the arguments. */
  readonly problems: readonly string[];
}

/**
 * Finds the configuration files of a process.
 *
 * `--config FILE` and `--config=FILE` may be repeated and are relative to `cwd`; arguments after `--` are ignored.
 * Without any, the files are `app-config.yaml` and `app-config.local.yaml` of `cwd`, or of its nearest ancestor that
 * has an `app-config.yaml`. If none has one, there are no files. For every name in the comma-separated
 * `BACKSTAGE_ENV`, `app-config.NAME.yaml` and `app-config.NAME.local.yaml` next to them are read too. All local files
 * override all others.
 */
export function findConfigFiles(
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): FoundConfigFiles {
  const { named, problems } = readArguments(argv, cwd);
  if (named.length > 0 || problems.length > 0) return { required: named, optional: [], problems };

  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const main = join(directory, 'app-config.yaml');
    if (existsSync(main)) return { required: [main], optional: optionalFiles(directory, env), problems };
    if (dirname(directory) === directory) return { required: [], optional: [], problems };
  }
}

function readArguments(argv: readonly string[], cwd: string): { named: string[]; problems: string[] } {
  const named: string[] = [];
  const problems: string[] = [];
  // Not strict, because other arguments are for the program itself.
  const options = { config: { type: 'string', multiple: true } } as const;
  const { values } = parseArgs({ args: [...argv], options, strict: false });
  for (const value of values.config ?? []) {
    if (typeof value !== 'string' || value === '' || value.startsWith('--')) {
      problems.push('The argument --config needs the path of a file after it.');
    } else if (/^https?:/i.test(value)) {
      problems.push(`--config ${value} is a URL: download it first and give the path of the file.`);
    } else {
      named.push(resolve(cwd, value));
    }
  }
  return { named, problems };
}

function optionalFiles(directory: string, env: NodeJS.ProcessEnv): string[] {
  const names = (env.BACKSTAGE_ENV ?? '').split(',').flatMap(name => name.trim() || []);
  const files = [
    ...names.map(name => `app-config.${name}.yaml`),
    'app-config.local.yaml',
    ...names.map(name => `app-config.${name}.local.yaml`),
  ];
  return files.map(file => join(directory, file));
}
