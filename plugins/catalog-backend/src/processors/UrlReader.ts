// Reads locations of type url through the backend's URL reader service.
import { createHash } from 'node:crypto';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { UrlReaderService } from '@greenroom/backend-plugin-api';
import type { GitHosts } from '../config/readGitHosts';
import { DocumentError } from '../ingestion/DocumentError';
import { MAX_BYTES, tooLarge } from '../ingestion/readBytes';
import { assertOwnRepository } from './assertOwnRepository';
import type { LocationContent, LocationReader } from './LocationReader';

/** The URL reader service decides what may be read. */
export class UrlReader implements LocationReader {
  readonly type = 'url';
  readonly #reader: UrlReaderService;
  readonly #gitHosts: GitHosts;

  constructor(reader: UrlReaderService, gitHosts: GitHosts) {
    this.#reader = reader;
    this.#gitHosts = gitHosts;
  }

  async read({ target, presence }: LocationSpec, state?: string): Promise<LocationContent | 'unchanged'> {
    try {
      return target.includes('*') ? await this.#search(target, state) : await this.#readOne(target, state);
    } catch (error) {
      const { name } = error as Error;
      if (name === 'NotModifiedError') return 'unchanged';
      if (name === 'NotFoundError' && presence === 'optional') {
        return { files: [], errors: [], state: 'nothing', refreshKeys: [`url:${target}`] };
      }
      throw error;
    }
  }

  resolve(target: string, base: string): string {
    return new URL(target, base).toString();
  }

  async readFile(url: string, base: string): Promise<Buffer> {
    assertOwnRepository(url, base, this.#gitHosts);
    return readWithin(await this.#reader.readUrl(url), url);
  }

  async #readOne(url: string, state: string | undefined): Promise<LocationContent | 'unchanged'> {
    const response = await this.#reader.readUrl(url, etagOf(state));
    const data = await readWithin(response, url);
    const found = stateOf(response.etag, [data]);
    if (found === state) return 'unchanged';
    return { files: [{ target: url, data }], errors: [], state: found, refreshKeys: [`url:${url}`] };
  }

  async #search(pattern: string, state: string | undefined): Promise<LocationContent | 'unchanged'> {
    const { files, etag } = await this.#reader.search(pattern, etagOf(state));
    const contents = [];
    const errors = [];
    for (const { url, content } of [...files].sort((a, b) => (a.url < b.url ? -1 : 1))) {
      const data = await content();
      if (data.length <= MAX_BYTES) contents.push({ target: url, data });
      else errors.push(refuse(url, data.length));
    }
    const bytes = contents.map(({ data }) => data);
    const found = stateOf(etag, bytes);
    if (found === state) return 'unchanged';
    const refreshKeys = [pattern, ...contents.map(({ target }) => target)].map(url => `url:${url}`);
    return { files: contents, errors, state: found, refreshKeys };
  }
}

type UrlResponse = Awaited<ReturnType<UrlReaderService['readUrl']>>;

/** Stops as soon as the limit is exceeded, without buffering everything. */
async function readWithin(response: UrlResponse, url: string): Promise<Buffer> {
  const stream = response.stream?.();
  if (!stream) {
    const data = await response.buffer();
    if (data.length > MAX_BYTES) throw refuse(url, data.length);
    return data;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) {
      stream.destroy();
      throw refuse(url, size);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function refuse(url: string, size: number): DocumentError {
  return new DocumentError({ subject: 'file', file: url, ...tooLarge(size) });
}

/** The etag, if the host supports etags. */
function etagOf(state: string | undefined): { etag?: string } {
  return state?.startsWith('etag:') ? { etag: state.slice(5) } : {};
}

function stateOf(etag: string | undefined, contents: readonly Buffer[]): string {
  if (etag) return `etag:${etag}`;
  const hash = createHash('sha1');
  for (const content of contents) hash.update(content).update('\n');
  return `sha1:${hash.digest('hex')}`;
}
