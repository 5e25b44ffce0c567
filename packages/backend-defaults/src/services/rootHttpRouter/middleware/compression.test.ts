// Answers of real servers, read by a client that sees what is on the wire.
import express, { type RequestHandler, type Response } from 'express';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { createCompressionMiddleware } from './compression';

const long = 'a long answer, '.repeat(1_000);
const open: http.Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(handler: RequestHandler): Promise<number> {
  const app = express().use(createCompressionMiddleware(), handler);
  const server = http.createServer(app).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function request(port: number, options: http.RequestOptions = {}): Promise<http.IncomingMessage> {
  const headers = { 'accept-encoding': 'gzip', ...options.headers };
  return new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', ...options, headers }, resolve).on('error', reject);
  });
}

async function answerOf(handler: RequestHandler, options: http.RequestOptions = {}) {
  const response = await request(await serve(handler), options);
  return { ...response.headers, status: response.statusCode, body: Buffer.concat(await response.toArray()) };
}

const text = (res: Response) => res.setHeader('Content-Type', 'text/plain');

it.each([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
] as const)('compresses with %s', async (encoding, decompress) => {
  const answer = await answerOf((_req, res) => void res.json({ long }), {
    headers: { 'accept-encoding': encoding },
  });
  expect(answer).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
  expect(answer['content-length']).toBeUndefined();
  expect(answer.body.length).toBeLessThan(1_000);
  expect(JSON.parse(String(decompress(answer.body)))).toEqual({ long });
});

const left: Array<[string, RequestHandler, http.RequestOptions?]> = [
  ['a short answer', (_req, res) => void res.send('short')],
  ['a short answer without a length', (_req, res) => (text(res), void res.end('short'))],
  ['what gains nothing', (_req, res) => void res.type('image/png').send(long)],
  ['what has no type', (_req, res) => void res.end(long)],
  ['an encoded answer', (_req, res) => void res.set('Content-Encoding', 'x-own').send(long)],
  ['no-transform', (_req, res) => void res.set('Cache-Control', 'private, no-transform').send(long)],
  ['a part of a whole', (_req, res) => void res.status(206).send(long)],
  ['events', (_req, res) => (res.setHeader('Content-Type', 'text/event-stream'), void res.end(long))],
  ['an answer to HEAD', (_req, res) => void res.send(long), { method: 'HEAD' }],
  [
    'what nobody asked for',
    (_req, res) => void res.send(long),
    { headers: { 'accept-encoding': 'identity' } },
  ],
];

it.each(left)('leaves %s as it is', async (_what, handler, options = {}) => {
  const { body, ...answer } = await answerOf(handler, options);
  expect(['short', long, '']).toContain(String(body));
  expect(['x-own', undefined]).toContain(answer['content-encoding']);
  expect(answer.vary).toBe('Accept-Encoding');
});

it('knows the headers that are given with the status, in each form', async () => {
  const forms: Array<http.OutgoingHttpHeaders | unknown[]> = [
    { 'Content-Type': 'text/plain', 'Set-Cookie': ['a=1', 'b=2'] },
    ['Content-Type', 'text/plain', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
    [
      ['Content-Type', 'text/plain'],
      ['Set-Cookie', ['a=1', 'b=2']],
    ],
  ];
  for (const headers of forms) {
    const answer = await answerOf((_req, res) => {
      res.writeHead(203, 'Nearly', headers as http.OutgoingHttpHeaders);
      expect(res.headersSent).toBe(true);
      res.end(long);
    });
    expect(answer).toMatchObject({ status: 203, 'content-encoding': 'gzip', 'set-cookie': ['a=1', 'b=2'] });
    expect(String(gunzipSync(answer.body))).toBe(long);
  }
});

it('adds to the Vary of the handler', async () => {
  const answer = await answerOf((_req, res) => void res.set('Vary', 'Origin').send(long));
  expect(answer).toMatchObject({ 'content-encoding': 'gzip', vary: 'Origin, Accept-Encoding' });
});

it('compresses what is written in pieces, as fast as it is read', async () => {
  let done: Promise<void> | undefined;
  const answer = await answerOf((_req, res) => {
    text(res);
    const pieces = function* pieces() {
      for (let piece = 0; piece < 2_000; piece++) yield long;
    };
    done = pipeline(Readable.from(pieces(), { objectMode: false }), res);
  });
  await done;
  expect(answer['content-encoding']).toBe('gzip');
  expect(gunzipSync(answer.body).length).toBe(2_000 * long.length);
});

it('is not troubled by what comes after the end', async () => {
  const answer = await answerOf((_req, res) => {
    text(res);
    res.write(Buffer.from(long));
    res.end('6162', 'hex');
    res.end('again');
    expect(res.write('more')).toBe(false);
  });
  expect(String(gunzipSync(answer.body))).toBe(`${long}ab`);
});

it('sends what there is on flush', async () => {
  let res: Response | undefined;
  const port = await serve((_req, answering) => {
    res = answering;
    text(res);
    res.write('first');
    (res as Response & { flush(): void }).flush();
  });
  const response = await request(port);
  const [first] = (await once(response, 'data')) as [Buffer];
  expect(response.headers['content-encoding']).toBe('gzip');
  expect(first.length).toBeGreaterThan(0);
  res!.end();
});

it('ends its work when the client goes away', async () => {
  let closed: Promise<unknown> | undefined;
  const port = await serve((_req, res) => {
    text(res);
    const endless = Readable.from(
      (function* forever() {
        for (;;) yield long;
      })(),
    );
    closed = pipeline(endless, res).catch(error => error);
  });
  const response = await request(port);
  await once(response, 'data');
  response.destroy();
  expect(await closed).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
});
