// Keeps compiled schemas on disk, since compiling them takes seconds.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CompiledSchema } from './compileTypedSchemas';

// To be raised where the same types give another schema than before.
const format = 1;

/** What a compiled schema belongs to: a change of any of these makes it another. */
export interface SchemaSource {
  readonly packageName: string;
  readonly version: string;
  /** The content of its file. */
  readonly text: string;
}

/** A cache in one of several folders: all are read, and the first that can be written to is written to. */
export class SchemaCache {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** What was kept for `source`, if that can be read. */
  read(source: SchemaSource): CompiledSchema | undefined {
    for (const folder of this.#folders) {
      try {
        return JSON.parse(readFileSync(join(folder, fileName(source)), 'utf8')) as CompiledSchema;
      } catch {
        // Missing, or damaged: then it is compiled again.
      }
    }
    return undefined;
  }

  /** Gives the folder in which it is now; `undefined` where none can be written to. */
  write(source: SchemaSource, compiled: CompiledSchema): string | undefined {
    return this.#folders.find(folder => {
      const file = join(folder, fileName(source));
      const draft = `${file}.${process.pid}`;
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(draft, JSON.stringify(compiled));
        // Backends that start at the same time see all of it, or nothing.
        renameSync(draft, file);
        return true;
      } catch {
        return false;
      }
    });
  }
}

/** The folders for the application in `root`: in the nearest `node_modules`, and where that is read-only, in the user's cache. */
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
    // A user without a home, as in some containers.
    return undefined;
  }
}

function fileName({ packageName, version, text }: SchemaSource): string {
  const hash = createHash('sha256').update(`${format}\n${text}`).digest('hex').slice(0, 16);
  return `${packageName.replace('/', '__')}@${version}-${hash}.json`;
}
