// Reads all sources of the configuration: finds, parses and resolves the files, and adds the environment.
import { readFileSync } from 'node:fs';
import type { AppConfig } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { isObject } from '../../isObject';
import type { ConfigDocument, parseConfigDocument } from './ConfigDocument';
import { type ConfigPath, type ConfigPlace, type ConfigProblem, displayPath } from './ConfigPlace';
import { environmentConfig } from './environmentConfig';
import { findConfigFiles } from './findConfigFiles';
import { resolveConfig } from './resolveConfig';
import type { PackageConfigSchema } from './schemas/PackageConfigSchema';

/**
 * Where the configuration comes from.
 *
 * @public
 */
export interface LoadConfigOptions {
  /** Arguments to read `--config` from; default: those of the process, unless it is a test runner. */
  argv?: readonly string[];
  /** Directory that relative paths are resolved against; default: that of the process. */
  cwd?: string;
  /** Default: the environment of the process. */
  env?: NodeJS.ProcessEnv;
  /** Schemas to check the configuration against, as found by {@link gatherSchemas}; default: none. */
  schemas?: readonly PackageConfigSchema[];
}

/** A file or the environment. */
export interface ConfigSource extends AppConfig {
  readonly data: JsonObject;
  /** Where the value at `path`, or its nearest existing ancestor, was written. */
  locate(path: ConfigPath): ConfigPlace;
}

/** All sources, weakest first, and their problems. */
export interface ConfigSources {
  readonly sources: readonly ConfigSource[];
  /** Strings of at least eight characters that came from a `$file`, an `$env` or a `${VAR}`. */
  readonly secrets: Set<string>;
  /** Absolute paths of all files that were read, and of those that would have been if they existed. */
  readonly files: Set<string>;
  readonly problems: ConfigProblem[];
}

// Shorter values are more often words or numbers than secrets, and masking them would garble the log.
const minSecretLength = 8;

/** Never throws because of invalid content, which is reported in `problems`. */
export async function readConfigSources(options: LoadConfigOptions): Promise<ConfigSources> {
  const { argv = ownArguments(), cwd = process.cwd(), env = process.env } = options;
  const found = findConfigFiles(argv, cwd, env);
  const environment = environmentConfig(env);
  const problems: ConfigProblem[] = found.problems.map(message => ({ message }));
  const secrets = new Set<string>();
  const files = new Set<string>([...found.required, ...found.optional]);
  const sources: ConfigSource[] = [];

  if (files.size > 0) {
    const { parseConfigDocument: parse } = await import('./ConfigDocument');
    const documents = new DocumentCache(parse, problems, files);
    const context = {
      env,
      problems,
      onSecret: (value: string) => void (value.length >= minSecretLength && secrets.add(value)),
      readText: (file: string) => documents.readText(file),
      readDocument: (file: string) => documents.read(file),
    };
    for (const file of [...found.required, ...found.optional]) {
      const document = documents.readMain(file, { isOptional: found.optional.includes(file) });
      if (!document) continue;
      const { data, locate } = resolveConfig(document, context);
      if (data === undefined || data === null) continue;
      if (isObject(data)) {
        sources.push({ context: displayPath(file, cwd), data, locate });
      } else {
        const message = 'The file must hold keys and values at its top.';
        problems.push({ file, line: 1, column: 1, message });
      }
    }
  }
  problems.push(...environment.problems.map(message => ({ message })));
  if (environment.data) {
    const locate = (path: ConfigPath) => ({ variable: environment.variableOf(path) });
    sources.push({ context: 'env', data: environment.data, locate });
  }
  return { sources, secrets, files, problems };
}

/** Test runners have a `--config` too, and editors start them with it. */
function ownArguments(): string[] {
  const [, script = '', ...args] = process.argv;
  return /[\\/](jest|vitest)(\.m?js)?$/.test(script) ? [] : args;
}

/** Reads and parses each file once, so that a file that is included twice reports its problems only once. */
class DocumentCache {
  private readonly documents = new Map<string, ConfigDocument>();

  constructor(
    private readonly parse: typeof parseConfigDocument,
    private readonly problems: ConfigProblem[],
    private readonly files: Set<string>,
  ) {}

  /** Like `read`, but reports a file that can't be read. */
  readMain(file: string, { isOptional }: { isOptional: boolean }): ConfigDocument | undefined {
    try {
      return this.read(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.problems.push({ file, message: `The file cannot be read (${(error as Error).message}).` });
      } else if (!isOptional) {
        this.problems.push({
          file,
          message: 'There is no such file: correct the --config argument or create it.',
        });
      }
      return undefined;
    }
  }

  readText(file: string): string {
    this.files.add(file);
    // Editors of Windows begin files with a mark that nobody sees, and that no header may have.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  }

  read(file: string): ConfigDocument {
    let document = this.documents.get(file);
    if (!document) {
      document = this.parse(file, this.readText(file), this.problems);
      this.documents.set(file, document);
    }
    return document;
  }
}
