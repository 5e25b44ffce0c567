// The server's own `json` beside express's: whatever is asked and set, both give the same answer.
import { ConfigReader } from '@backstage/config';
import express, { type RequestHandler } from 'express';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { RootHealth } from '../rootHealth/RootHealth';
import { RootLifecycle } from '../rootLifecycle/RootLifecycle';
import { RootHttpServer } from './RootHttpServer';

const servers: Array<{ stop(): Promise<void> }> = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.stop()));
});

/** The same handler at `/x` behind a server of ours, and in a plain express application. */
async function both(handler: RequestHandler): Promise<[ours: string, theirs: string]> {
  const lifecycle = new RootLifecycle();
  const own = await RootHttpServer.create({
    config: new ConfigReader({ backend: { listen: { host: '127.0.0.1', port: 0 } } }),
    logger: new MemoryLogger(),
    lifecycle,
    health: new RootHealth(() => lifecycle.phase),
    pluginStatus: { get: () => undefined, settled: async () => {} },
    pauseTimeout: 1_000,
  });
  own.router.use('/x', express.Router().get('/', handler));
  await own.start();
  const app = express().disable('x-powered-by').use('/x', handler);
  const plain: Server = createServer(app);
  await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve));
  servers.push(own, { stop: async () => void plain.close() });
  return [
    `http://127.0.0.1:${own.server.port()}/x`,
    `http://127.0.0.1:${(plain.address() as AddressInfo).port}/x`,
  ];
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

/** What belongs to an answer itself, and not to the middleware in front of it. Not by fetch, which asks for compression. */
async function answer(url: string, options: Asked = {}) {
  const sent = request(url, { ...options, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const names = ['content-type', 'content-length', 'etag', 'cache-control', 'transfer-encoding'];
  const headers = Object.fromEntries(names.map(name => [name, response.headers[name]]));
  return { status: response.statusCode, headers, body: await text(response) };
}

const handlers: Record<string, RequestHandler> = {
  'an object': (_req, res) =>
    void res.json({ text: 'ünïcödé ✓', list: [1, null], nested: { at: new Date(0) } }),
  'an empty list': (_req, res) => void res.json([]),
  'a string': (_req, res) => void res.json('text'),
  null: (_req, res) => void res.json(null),
  nothing: (_req, res) => void (res.json as () => void)(),
  'what is left out of JSON': (_req, res) => void res.json(undefined),
  'another status': (_req, res) => void res.status(201).json({ made: true }),
  'a status without a body': (_req, res) => void res.status(204).json({ gone: true }),
  'a type of its own': (_req, res) => void res.type('application/ld+json').json({ a: 1 }),
  'an etag of its own': (_req, res) => void res.set('ETag', '"own"').json({ a: 1 }),
  'a length that is wrong': (_req, res) => void res.set('Content-Length', '3').json({ a: 1 }),
  'a replaced send': (_req, res) => {
    const send = res.send.bind(res);
    res.send = body => send(String(body).toUpperCase());
    res.json({ a: 'b' });
  },
};
const requests: Record<string, Asked> = {
  GET: {},
  HEAD: { method: 'HEAD' },
  'GET with an etag that matches nothing': { headers: { 'if-none-match': '"other"' } },
  'GET with any etag': { headers: { 'if-none-match': '*' } },
};

describe.each(Object.entries(handlers))('%s', (_what, handler) => {
  test.each(Object.entries(requests))('%s', async (_name, init) => {
    const [ours, theirs] = await both(handler);
    expect(await answer(ours, init)).toEqual(await answer(theirs, init));
  });
});

test('a client that has the answer already is told so', async () => {
  const [ours, theirs] = await both((_req, res) => void res.json({ a: 1 }));
  const { headers } = await answer(ours);
  const init = { headers: { 'if-none-match': String(headers.etag) } };
  const again = await answer(ours, init);
  expect(again.status).toBe(304);
  expect(again).toEqual(await answer(theirs, init));
});

test('an application mounted as a handler keeps its own settings', async () => {
  const app = express().set('json spaces', 2);
  app.get('/', (_req, res) => void res.json({ a: 1 }));
  const [ours] = await both(app);
  expect((await answer(ours)).body).toBe('{\n  "a": 1\n}');
});

test('what JSON cannot say is an error, not an answer', async () => {
  const [ours] = await both((_req, res) => void res.json(1n as never));
  const { status, body } = await answer(ours);
  expect(status).toBe(500);
  expect(JSON.parse(body).error).toBeDefined();
});
