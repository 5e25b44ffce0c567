// Reads locations of type file: paths and globs on this machine.
import { createHash } from 'node:crypto';
import { type Dirent, readdir } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import { isChildPath } from '@greenroom/backend-plugin-api';
import { glob, isDynamicPattern } from 'tinyglobby';
import { DocumentError } from '../ingestion/DocumentError';
import { mapConcurrently } from '../ingestion/mapConcurrently';
import { readBytes } from '../ingestion/readBytes';
import { literalFolder, patternOf } from './literalFolder';
import type { LocatedFile, LocationContent, LocationReader } from './LocationReader';

/** More would only queue up, because file operations run on four threads. */
const CONCURRENCY = 16;

/**
 * Reads only below the given folders, so that files can't refer to anything else on the machine. Without folders,
 * reads nothing.
 */
export class FileReader implements LocationReader {
  readonly type = 'file';
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  async read(spec: LocationSpec, state?: string): Promise<LocationContent | 'unchanged'> {
    const unread = new Map<string, string>();
    const paths = await this.#find(spec, unread);
    const files: LocatedFile[] = [];
    const errors: Error[] = [];
    const hash = createHash('sha1');
    const outcomes = await mapConcurrently(paths, CONCURRENCY, async path => ({
      path,
      ...(await this.#readOne(path)),
    }));
    for (const [path, reason] of unread) outcomes.push({ path, reason });
    for (const { path, ...outcome } of outcomes) {
      hash.update(`\n${path}\n`);
      if ('bytes' in outcome) {
        hash.update(outcome.bytes);
        files.push({ target: path, data: outcome.bytes });
      } else {
        hash.update(outcome.reason);
        errors.push(new DocumentError({ subject: 'file', file: path, reason: outcome.reason }));
      }
    }
    const found = hash.digest('hex');
    if (found === state) return 'unchanged';
    return {
      files,
      errors,
      state: found,
      refreshKeys: [`file:${spec.target}`, ...paths.map(path => `file:${path}`)],
    };
  }

  resolve(target: string, base: string): string {
    return resolve(dirname(base), target);
  }

  async readFile(path: string): Promise<Buffer> {
    const outcome = await this.#readOne(path);
    if ('bytes' in outcome) return outcome.bytes;
    throw new Error(`'${path}': ${outcome.reason}`);
  }

  /** Adds folders in which it can't look, each with the reason, to `unread`. */
  async #find({ target, presence }: LocationSpec, unread: Map<string, string>): Promise<string[]> {
    const path = resolve(target);
    const refusal = this.#refusalOf(path);
    if (refusal !== undefined) throw new NotAllowedError(refusal);
    // Existing names that contain glob characters are taken literally.
    if (await exists(path)) return [path];
    // One that begins with `!` would exclude.
    const pattern = patternOf(path).replace(/^!/, '\\!');
    if (isDynamicPattern(pattern)) {
      if (isAmbiguous(pattern)) throw new InputError(`'${path}' has too many wildcards to be looked for`);
      const found = await glob(pattern, {
        cwd: literalFolder(path),
        absolute: true,
        expandDirectories: false,
        fs: { readdir: this.#readingAll(unread) },
      });
      const files = found.map(file => resolve(file)).sort();
      if (files.length + unread.size > 0 || presence === 'optional') return onceEach(files);
      throw new NotFoundError(`no file matches '${path}'`);
    }
    if (presence === 'optional') return [];
    throw new NotFoundError(`there is no file '${path}'`);
  }

  async #readOne(path: string) {
    const reason = this.#refusalOf(path);
    return reason === undefined ? readBytes(path) : { reason };
  }

  /** Node's `readdir` for the library, which passes over folders that it can't read: these are added to `unread`. */
  #readingAll(unread: Map<string, string>): typeof readdir {
    return ((
      path: string,
      options: { withFileTypes: true },
      done: (error: Error | null, found: Dirent[]) => void,
    ) =>
      readdir(path, options, (error, found) => {
        const isGone = error?.code === 'ENOENT' || error?.code === 'ENOTDIR';
        // A link may lead to where nothing may be read anyway.
        if (error && !isGone && this.#refusalOf(path) === undefined) {
          unread.set(path, `the folder can't be read: ${error.message}`);
        }
        done(error, found);
      })) as typeof readdir;
  }

  /** Judges by where links lead, not by where they are. */
  #refusalOf(path: string): string | undefined {
    if (this.#folders.some(folder => isChildPath(folder, path))) return undefined;
    if (this.#folders.length === 0) {
      return 'files of this machine are not read for an entity that a request brings';
    }
    return (
      `'${path}' is outside of what the catalog may read, which is the working directory and the folders in catalog.locations ` +
      'and catalog.providers.directory'
    );
  }
}

/**
 * Whether the pattern has so many ways to match a name that finding out it doesn't could take practically forever,
 * while blocking the whole backend.
 */
function isAmbiguous(pattern: string): boolean {
  const ways = pattern
    .split('/')
    .map(part => (part === '**' ? 1 : Math.max(0, (part.match(/\*+|\+|\]\?/g)?.length ?? 0) - 1)));
  const choices = pattern.match(/[{(]/g)?.length ?? 0;
  return ways.reduce((sum, more) => sum + more, 0) > 4 || choices > 6 || /[*+?!]\(|\)[*+?{]/.test(pattern);
}

/** Each file once, however many links lead to it: under its own path if that is one of these, else under the first. */
async function onceEach(paths: readonly string[]): Promise<string[]> {
  const contents = await mapConcurrently(paths, CONCURRENCY, path => realpath(path).catch(() => path));
  const own = new Map<string, string>();
  for (const [index, path] of paths.entries()) {
    const content = contents[index]!;
    if (path === content || !own.has(content)) own.set(content, path);
  }
  const chosen = new Set(own.values());
  return paths.filter(path => chosen.has(path));
}

/** Dangling links and inaccessible files count as existing: reading them reports the reason. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}
