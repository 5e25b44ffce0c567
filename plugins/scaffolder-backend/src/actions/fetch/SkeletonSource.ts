// Fetches files to disk, from next to a template or from a URL.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { isChildPath, type UrlReaderService } from '@greenroom/backend-plugin-api';
import { copyTree } from './copyTree';

/** What to fetch, and with which credentials. */
export interface FetchRequest {
  /** An absolute URL, or a path relative to `baseUrl`. */
  readonly url: string;
  /** The URL of the file that contains the template. */
  readonly baseUrl?: string;
  /** Replaces the configured credentials. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

/** Reads local files only if the template itself is local, and then only below its folder. */
export class SkeletonSource {
  readonly #reader: UrlReaderService;

  constructor(reader: UrlReaderService) {
    this.#reader = reader;
  }

  /** Copies a folder into `target`, creating it if necessary and overwriting existing files. */
  async fetchTree(request: FetchRequest, target: string): Promise<void> {
    const source = locate(request);
    if (source.path !== undefined && !(await isFolder(source.path, request))) {
      throw new InputError(
        `'${request.url}' is a file, and a folder is to be fetched. Name the folder, or use the action for a file.`,
      );
    }
    await mkdir(target, { recursive: true });
    if (source.path !== undefined) return copyTree(source.path, target, request);
    const { token, signal } = request;
    const tree = await this.#reader.readTree(source.url, { token, signal });
    signal?.throwIfAborted();
    await tree.dir({ targetDir: target });
  }

  /**
   * Returns a folder to read the files from without following links: the local one if there is one, otherwise one
   * created by `makeFolder`.
   */
  async findTree(request: FetchRequest, makeFolder: () => Promise<string>): Promise<string> {
    const { path } = locate(request);
    if (path !== undefined && (await isFolder(path, request))) return path;
    const folder = await makeFolder();
    await this.fetchTree(request, folder);
    return folder;
  }

  /** Writes a single file to `target`. */
  async fetchFile(request: FetchRequest, target: string): Promise<void> {
    const source = locate(request);
    if (source.path !== undefined && (await isFolder(source.path, request))) {
      throw new InputError(`'${request.url}' is a folder, and one file is to be fetched. Name the file.`);
    }
    await mkdir(dirname(target), { recursive: true });
    if (source.path !== undefined) return copyTree(source.path, target, request);
    const { token, signal } = request;
    const response = await this.#reader.readUrl(source.url, { token, signal });
    await writeFile(target, await response.buffer(), { signal });
  }
}

async function isFolder(path: string, { url }: FetchRequest): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats) return stats.isDirectory();
  throw new NotFoundError(
    `There is no '${url}' beside the template. Correct the URL, or send the files along with a dry run.`,
  );
}

function locate({
  url,
  baseUrl,
}: FetchRequest): { path: string; url?: undefined } | { path?: undefined; url: string } {
  // At least two letters, because `C:` is a drive and not a scheme.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return { url };
  if (scheme !== undefined) {
    throw new InputError(
      `'${url}' can't be fetched: URLs begin with https:, or are relative to the template.`,
    );
  }
  if (baseUrl === undefined) {
    throw new InputError(
      `'${url}' is relative, and it is not known where the template lies. Give an absolute URL.`,
    );
  }
  if (!baseUrl.startsWith('file:')) return { url: resolveUrl(url, baseUrl) };
  if (isAbsolute(url)) {
    throw new InputError(`'${url}' is an absolute path. Give one that is relative to the template.`);
  }
  const base = fileURLToPath(baseUrl);
  // `baseUrl` may be the URL of a folder.
  const folder = baseUrl.endsWith('/') ? base : dirname(base);
  const path = resolve(folder, url);
  if (isChildPath(folder, path)) return { path };
  throw new NotAllowedError(
    `'${url}' leads out of the folder of the template, and a template on a disk can read nothing else. Move it into that folder, or register the template by its URL.`,
  );
}

/** Keeps the query of the base URL, because some hosts put the branch there. */
function resolveUrl(url: string, baseUrl: string): string {
  const resolved = new URL(url, baseUrl);
  const { search } = new URL(baseUrl);
  if (resolved.search === '') resolved.search = search;
  return resolved.toString();
}
