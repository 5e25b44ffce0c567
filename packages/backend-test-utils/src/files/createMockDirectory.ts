// Temporary directories for tests, written and read as nested objects, and removed after the tests.
import fs from 'node:fs';
import path from 'node:path';
import textExtensions from 'text-extensions';
import { isChildPath } from '@greenroom/backend-plugin-api';
import { afterAllTests } from '../afterAllTests';
import { replaceTmpdir, usualTmpdir } from './replaceTmpdir';

/**
 * The place at which a {@link MockDirectoryContentCallback} writes.
 *
 * @public
 */
export interface MockDirectoryContentCallbackContext {
  /** The absolute path. */
  path: string;
  /** Creates a symbolic link at this path. */
  symlink(target: string): void;
}

/**
 * Writes content that an object cannot express, such as a symbolic link.
 *
 * @public
 */
export type MockDirectoryContentCallback = (ctx: MockDirectoryContentCallbackContext) => void;

/**
 * Files and directories by name: text, bytes, a callback, or an object for a directory. When writing, names may contain
 * slashes. When reading, every directory is an object.
 *
 * @public
 */
export type MockDirectoryContent = {
  [name in string]: MockDirectoryContent | string | Buffer | MockDirectoryContentCallback;
};

/**
 * Options of {@link MockDirectory.content}.
 *
 * @public
 */
export interface MockDirectoryContentOptions {
  /** The path to read: relative, or absolute within the directory. Defaults to everything. */
  path?: string;
  /** Which files are read as text. Defaults to those with a known text extension. */
  shouldReadAsText?: boolean | ((path: string, buffer: Buffer) => boolean);
}

/**
 * A temporary directory.
 *
 * @public
 */
export interface MockDirectory {
  /** The absolute path, without symbolic links. */
  readonly path: string;
  /** Returns a path below the directory. */
  resolve(...paths: string[]): string;
  /** Replaces all content. */
  setContent(root: MockDirectoryContent): void;
  /** Adds content, and overwrites files of the same name. */
  addContent(root: MockDirectoryContent): void;
  /** Returns all content, or the content at a path; `undefined` if there is none. */
  content(options?: MockDirectoryContentOptions): MockDirectoryContent | undefined;
  /** Empties the directory, and creates it again if it was removed. */
  clear: () => void;
  /** Removes the directory. */
  remove: () => void;
}

/**
 * Options of {@link createMockDirectory}.
 *
 * @public
 */
export interface CreateMockDirectoryOptions {
  /**
   * Whether `os.tmpdir()` returns this directory until the tests of the file, or of the block, are done. Defaults to
   * `false`.
   */
  mockOsTmpDir?: boolean;
  /** The initial content. */
  content?: MockDirectoryContent;
}

const removals = new Set<() => void>();
// Not in each call: jest accepts no hooks within a test, where scaffolder actions create their directories.
afterAllTests(() => removals.forEach(remove => remove()));

const isTextExtension = new Set(textExtensions);
const readsAsText = (file: string) => isTextExtension.has(path.extname(file).slice(1));

/**
 * Creates a temporary directory that is removed after all tests of the file. With `mockOsTmpDir`, call it outside of
 * tests.
 *
 * @example
 * ```ts
 * const mockDir = createMockDirectory({ content: { 'catalog.yaml': 'kind: Component' } });
 * beforeEach(mockDir.clear);
 * ```
 *
 * @public
 */
export function createMockDirectory(options: CreateMockDirectoryOptions = {}): MockDirectory {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(usualTmpdir()), 'greenroom-test-'));
  const resolve = (...paths: string[]) => path.resolve(root, ...paths);
  const within = (target: string) => {
    const resolved = resolve(target);
    if (isChildPath(root, resolved)) return resolved;
    throw new Error(`'${target}' lies outside of the mock directory ${root}`);
  };
  const clear = () => {
    fs.rmSync(root, { recursive: true, force: true });
    fs.mkdirSync(root, { recursive: true });
  };
  const directory: MockDirectory = {
    path: root,
    resolve,
    clear,
    remove: () => fs.rmSync(root, { recursive: true, force: true, maxRetries: 10 }),
    addContent: content => write(content, '', within),
    setContent(content) {
      clear();
      write(content, '', within);
    },
    content({ path: target = '', shouldReadAsText = readsAsText } = {}) {
      const decide = typeof shouldReadAsText === 'boolean' ? () => shouldReadAsText : shouldReadAsText;
      return read(within(target), target, decide) as MockDirectoryContent | undefined;
    },
  };
  if (options.content) directory.addContent(options.content);
  if (options.mockOsTmpDir) replaceTmpdir(root);
  removals.add(directory.remove);
  return directory;
}

function write(content: MockDirectoryContent, below: string, within: (target: string) => string): void {
  for (const [name, entry] of Object.entries(content)) {
    const relative = path.join(below, name);
    const target = within(relative);
    if (typeof entry === 'string' || Buffer.isBuffer(entry)) {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, entry);
    } else if (typeof entry === 'function') {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      entry({ path: target, symlink: to => fs.symlinkSync(to, target) });
    } else {
      fs.mkdirSync(target, { recursive: true });
      write(entry, relative, within);
    }
  }
}

function read(
  target: string,
  relative: string,
  isText: (file: string, buffer: Buffer) => boolean,
): MockDirectoryContent | string | Buffer | undefined {
  const stats = fs.statSync(target, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isDirectory()) {
    const bytes = fs.readFileSync(target);
    return isText(relative, bytes) ? bytes.toString('utf8') : bytes;
  }
  const names = fs.readdirSync(target).sort();
  return Object.fromEntries(
    names.flatMap(name => {
      const entry = read(path.join(target, name), path.posix.join(relative, name), isText);
      return entry === undefined ? [] : [[name, entry] as const];
    }),
  );
}
