// Decides which configuration files apply: those named by `--config`, or else app-config.yaml of the nearest directory.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The files that apply, weakest first. */
export interface FoundConfigFiles {
  /** Absolute paths of files that must be readable. */
  readonly required: readonly string[];
  /** Absolute paths of files that are read where they exist; to be watched even while they do not. */
  readonly optional: readonly string[];
  /** What is wrong with the arguments. */
  readonly problems: readonly string[];
}

/**
 * Finds the configuration files of a process.
 *
 * `--config FILE` and `--config=FILE` may be repeated and are relative to `cwd`; nothing after `--` is looked at. With
 * none of them, `app-config.yaml` and `app-config.local.yaml` of `cwd`, or of the nearest directory above it that has
 * the first of these. With none of these either, there are no files. For every name in `BACKSTAGE_ENV`, separated by
 * commas, `app-config.NAME.yaml` and `app-config.NAME.local.yaml` beside them are read too; files called local win.
 */
export function findConfigFiles(
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): FoundConfigFiles {
  const named: string[] = [];
  const problems: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]!;
    if (argument === '--') break;
    let value: string | undefined;
    if (argument === '--config') value = argv[++index];
    else if (argument.startsWith('--config=')) value = argument.slice('--config='.length);
    else continue;

    if (!value || value.startsWith('--')) {
      problems.push('The argument --config needs the path of a file after it.');
    } else if (/^https?:/i.test(value)) {
      problems.push(`--config ${value} is a URL: download it first and give the path of the file.`);
    } else {
      named.push(resolve(cwd, value));
    }
  }
  if (named.length > 0 || problems.length > 0) return { required: named, optional: [], problems };

  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const main = join(directory, 'app-config.yaml');
    if (existsSync(main)) {
      const names = (env.BACKSTAGE_ENV ?? '').split(',').flatMap(name => name.trim() || []);
      const beside = ['', ...names.map(name => `.${name}`)].map(name => join(directory, `app-config${name}`));
      const optional = [
        ...beside.slice(1).map(file => `${file}.yaml`),
        ...beside.map(file => `${file}.local.yaml`),
      ];
      return { required: [main], optional, problems };
    }
    if (dirname(directory) === directory) return { required: [], optional: [], problems };
  }
}
