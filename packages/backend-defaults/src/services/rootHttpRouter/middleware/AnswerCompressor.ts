// Puts a compressor between a handler and the answer it writes, where the answer is worth it.
import type { Response } from 'express';
import type { OutgoingHttpHeaders } from 'node:http';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import type { Encoding } from './chooseEncoding';

type Compressor = ReturnType<typeof createGzip>;
type Done = () => void;

const leastBytes = 1024;
// What is compressed already gains nothing. A stream of events must not wait in a compressor until there are enough.
const worthIt =
  /^(?:text\/(?!event-stream)|[^;]*\+(?:json|xml|text)\b|(?:application\/(?:(?:x-)?(?:javascript|ndjson|yaml|sh)|json|xml|wasm|graphql|sql|toml|rtf|postscript|x-www-form-urlencoded|x-tar|vnd\.ms-fontobject)|font\/(?:otf|ttf)|image\/(?:bmp|x-icon|vnd\.microsoft\.icon))\s*(?:;|$))/i;

const create: Record<Encoding, () => Compressor> = {
  // The level at which it takes about as long as gzip, for answers that are compressed once.
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: () => createGzip(),
  deflate: () => createDeflate(),
};

/**
 * Decides when the headers of the answer are known whether it is compressed: not if it is known to be shorter than
 * 1 kB, of a kind that gains nothing, part of a whole, encoded already or marked `no-transform`. Gives the answer the
 * method `flush`, for handlers that want everything sent that they have written so far.
 */
export class AnswerCompressor {
  readonly #res: Response;
  readonly #encoding: Encoding;
  readonly #original: Pick<Response, 'write' | 'end' | 'writeHead'>;
  #compressor: Compressor | undefined;
  #decided = false;
  #ended = false;

  constructor(res: Response, encoding: Encoding) {
    this.#res = res;
    this.#encoding = encoding;
    this.#original = { write: res.write, end: res.end, writeHead: res.writeHead };
  }

  install(): void {
    const own = {
      writeHead: (status: number, ...rest: unknown[]) => this.#writeHead(status, rest),
      write: (...args: unknown[]) => this.#write(args),
      end: (...args: unknown[]) => this.#end(args),
      flush: () => this.#compressor?.flush(),
    };
    Object.assign(this.#res, own);
  }

  #writeHead(status: number, rest: unknown[]): Response {
    const reason = typeof rest[0] === 'string' ? rest.shift() : undefined;
    const [headers] = rest as [OutgoingHttpHeaders | unknown[] | undefined];
    if (headers) takeHeaders(this.#res, headers);
    this.#res.statusCode = status;
    this.#decide(undefined);
    return this.#original.writeHead.apply(
      this.#res,
      (reason === undefined ? [status] : [status, reason]) as [number],
    );
  }

  #write(args: unknown[]): boolean {
    if (this.#ended) return false;
    this.#decide(undefined);
    const to = this.#compressor;
    if (to) this.#begin();
    return Reflect.apply(to ? to.write : this.#original.write, to ?? this.#res, args) as boolean;
  }

  #end(args: unknown[]): Response {
    if (this.#ended) return this.#res;
    this.#ended = true;
    const done = typeof args.at(-1) === 'function' ? (args.pop() as Done) : undefined;
    const [chunk, charset] = args as [string | Uint8Array | null | undefined, BufferEncoding?];
    const isEmpty = chunk === undefined || chunk === null;
    this.#decide(
      isEmpty ? 0 : typeof chunk === 'string' ? Buffer.byteLength(chunk, charset) : chunk.byteLength,
    );
    const compressor = this.#compressor;
    if (!compressor) {
      return Reflect.apply(this.#original.end, this.#res, done ? [...args, done] : args) as Response;
    }
    this.#begin();
    if (done) this.#res.once('finish', done);
    if (isEmpty) compressor.end();
    else compressor.end(chunk, charset ?? 'utf8');
    return this.#res;
  }

  /** `length`: that of the whole body in bytes, where it is known without a header. */
  #decide(length: number | undefined): void {
    const res = this.#res;
    if (this.#decided) return;
    this.#decided = true;
    if (res.headersSent || !isWorthIt(res, length)) return;
    res.vary('Accept-Encoding');
    res.setHeader('Content-Encoding', this.#encoding);
    res.removeHeader('Content-Length');
    const etag = res.getHeader('ETag');
    // A strong one says that two answers are the same byte for byte.
    if (typeof etag === 'string' && etag.startsWith('"')) res.setHeader('ETag', `W/${etag}`);
    this.#compressor = this.#connect(create[this.#encoding]());
  }

  /** So that the answer counts as begun, although the first bytes take a while to come out. */
  #begin(): void {
    if (!this.#res.headersSent) this.#original.writeHead.call(this.#res, this.#res.statusCode);
  }

  #connect(compressor: Compressor): Compressor {
    const res = this.#res;
    const { write, end } = this.#original;
    compressor.on('data', (chunk: Buffer) => {
      if (!write.call(res, chunk, 'utf8')) compressor.pause();
    });
    res.on('drain', () => compressor.resume());
    compressor.on('drain', () => res.emit('drain'));
    compressor.on('end', () => Reflect.apply(end, res, []));
    compressor.on('error', error => res.destroy(error));
    res.on('close', () => compressor.destroy());
    return compressor;
  }
}

function isWorthIt(res: Response, length: number | undefined): boolean {
  const { statusCode } = res;
  const hasWholeBody = statusCode >= 200 && ![204, 205, 206, 304].includes(statusCode);
  const encoding = res.getHeader('Content-Encoding') ?? 'identity';
  const size = Number(res.getHeader('Content-Length') ?? length ?? Infinity);
  return (
    hasWholeBody &&
    size >= leastBytes &&
    encoding === 'identity' &&
    worthIt.test(String(res.getHeader('Content-Type') ?? '')) &&
    !/(?:^|,)\s*no-transform\s*(?:,|$)/i.test(String(res.getHeader('Cache-Control') ?? ''))
  );
}

/** As `writeHead` takes them: an object, a list of pairs, or names and values in turn. */
function takeHeaders(res: Response, headers: OutgoingHttpHeaders | unknown[]): void {
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value!);
    return;
  }
  const flat: unknown[] = headers.every(Array.isArray) ? headers.flat() : headers;
  const seen = new Set<string>();
  for (let at = 0; at < flat.length; at += 2) {
    const name = String(flat[at]);
    const value = flat[at + 1] as string | string[];
    if (seen.has(name.toLowerCase())) res.appendHeader(name, value);
    else res.setHeader(name, value as string);
    seen.add(name.toLowerCase());
  }
}
