// Reads the repositories of Copperlight, whose host does not exist, from the entities folder of the example.
import { NotFoundError } from '@backstage/errors';
import {
  resolveSafeChildPath,
  type UrlReaderService,
  type UrlReaderServiceReadTreeResponse,
  type UrlReaderServiceReadUrlResponse,
  type UrlReaderServiceSearchResponse,
} from '@greenroom/backend-plugin-api';
import { ReadUrlResponseFactory, type ReadTreeResponseFactory } from '@greenroom/backend-defaults/urlReader';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

/** Used in URLs such as `https://git.copperlight.example/theatre/blob/main/copperlight.yaml`. */
export const theatreHost = 'git.copperlight.example';

const entities = resolve(__dirname, '../../example-backend/entities');
const inRepository = /^\/theatre\/(?:blob|tree|raw)\/main(?:\/(?<path>.*))?$/;

/** Serves a single repository, `theatre`, with the branch `main`. */
export class TheatreRepositoryReader implements UrlReaderService {
  readonly #trees: ReadTreeResponseFactory;

  constructor(trees: ReadTreeResponseFactory) {
    this.#trees = trees;
  }

  async readUrl(url: string): Promise<UrlReaderServiceReadUrlResponse> {
    const file = await find(url);
    const { mtime } = await stat(file);
    return ReadUrlResponseFactory.fromReadable(createReadStream(file), { lastModifiedAt: mtime });
  }

  async readTree(url: string): Promise<UrlReaderServiceReadTreeResponse> {
    const folder = await find(url);
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
    return this.#trees.fromReadableArray(
      files.map(file => ({ data: createReadStream(file), path: relative(folder, file) })),
    );
  }

  async search(url: string): Promise<UrlReaderServiceSearchResponse> {
    const response = await this.readUrl(url);
    return { etag: response.etag ?? '', files: [{ url, content: response.buffer }] };
  }
}

async function find(url: string): Promise<string> {
  const path = inRepository.exec(decodeURI(new URL(url).pathname))?.groups?.path;
  const file = path === undefined ? entities : resolveSafeChildPath(entities, path);
  if (path === undefined || !(await stat(file).catch(() => undefined))) {
    throw new NotFoundError(`There is nothing at ${url}`);
  }
  return file;
}
