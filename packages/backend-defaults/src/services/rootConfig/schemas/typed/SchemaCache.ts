// Caches compiled schemas on disk, because compiling them takes seconds.
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CompiledSchema } from './compileTypedSchemas';

// Increase this if the same types compile to another schema than before.
const format = 1;

/** Identifies a compiled schema: if any of these changes, it is another one. */
export interface SchemaSource {
  readonly packageName: string;
  readonly version: string;
  /** The content of its file. */
  readonly text: string;
}

/** A cache in several folders: reads from all of them, and writes to the first writable one. */
export class SchemaCache {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** The cached schema of `source`; undefined if there is none that can be read. */
  read(source: SchemaSource): CompiledSchema | undefined {
    for (const folder of this.#folders) {
      try {
        return JSON.parse(readFileSync(join(folder, fileName(source)), 'utf8')) as CompiledSchema;
      } catch {
        // Missing or damaged. If no other folder has it, it is compiled again.
      }
    }
    return undefined;
  }

  /** Returns the folder that it was written to; undefined if none is writable. */
  write(source: SchemaSource, compiled: CompiledSchema): string | undefined {
    return this.#folders.find(folder => {
      const file = join(folder, fileName(source));
      const draft = `${file}.${process.pid}`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(draft, JSON.stringify(compiled));
        // Backends that start at the same time see either all of it or nothing.
        renameSync(draft, file);
        return true;
      } catch {
        return false;
      }
    });
  }
}

/** The cache folders for the application in `root`: the nearest `node_modules`, or if it is read-only, the user's cache. */
export function schemaCacheFolders(root: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const parents = [nearestModules(root), userCache(env)].filter(parent => parent !== undefined);
  return parents.map(parent => join(parent, 'greenroom', 'config-schemas'));
}

function nearestModules(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (statSync(modules, { throwIfNoEntry: false })?.isDirectory()) return join(modules, '.cache');
    if (dirname(folder) === folder) return undefined;
  }
}

function userCache({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string | undefined {
  try {
    return XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache');
  } catch {
    // A user without a home directory, as in some containers.
    return undefined;
  }
}

function fileName({ packageName, version, text }: SchemaSource): string {
  const digest = hash('sha256', `${format}\n${text}`).slice(0, 16);
  return `${packageName.replace('/', '__')}@${version}-${digest}.json`;
}
