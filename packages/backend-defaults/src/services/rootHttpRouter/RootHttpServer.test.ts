// The HTTP server as a whole, over real connections.
import { ConfigReader } from '@backstage/config';
import { InputError, NotModifiedError } from '@backstage/errors';
import type { PluginState, PluginStatusService } from '@greenroom/backend-app-api';
import { lifecycleHooksKey } from '@greenroom/backend-plugin-api/internal';
import express from 'express';
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import type { JsonObject, JsonValue } from '@backstage/types';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { selfSignedCertificate } from '../../testing/selfSignedCertificate';
import { RootHealth } from '../rootHealth/RootHealth';
import { RootLifecycle } from '../rootLifecycle/RootLifecycle';
import { RootHttpServer, type RootHttpServerOptions } from './RootHttpServer';

const running: RootHttpServer[] = [];

afterEach(async () => {
  await Promise.allSettled(running.splice(0).map(server => server.stop()));
});

async function startServer(
  options: {
    backend?: JsonObject;
    states?: Record<string, PluginState>;
    listen?: boolean;
  } & Partial<RootHttpServerOptions> = {},
) {
  const { backend, states = {}, listen = true, ...rest } = options;
  const logger = new MemoryLogger();
  const lifecycle = new RootLifecycle();
  const settlers: Array<() => void> = [];
  const pluginStatus: PluginStatusService = {
    get: id =>
      states[id] ? { status: states[id]!, ...(states[id] === 'failed' && { code: 'GR_X' }) } : undefined,
    settled: () => new Promise(resolve => settlers.push(resolve)),
  };
  const server = await RootHttpServer.create({
    config: new ConfigReader({ backend: { listen: { host: '127.0.0.1', port: 0 }, ...backend } }),
    logger,
    lifecycle,
    health: new RootHealth(() => lifecycle.phase),
    pluginStatus,
    pauseTimeout: 5_000,
    ...rest,
  });
  if (listen) {
    await server.start();
    running.push(server);
  }
  return { server, logger, lifecycle, base: server.url.replace('localhost', '127.0.0.1'), states, settlers };
}

/** A request by hand, for what fetch would correct. */
async function rawRequest(base: string, text: string): Promise<string> {
  const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
  socket.end(text.replace(/\n/g, '\r\n'));
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
  }
  return answer;
}

it.each([
  ['a bigint', 10n, { name: 'InputError', seat: '10' }],
  [
    'what fails to become JSON',
    {
      toJSON() {
        throw new Error('not now');
      },
    },
    { name: 'InputError', message: 'no such seat' },
  ],
])('answers an error that has %s among its fields', async (_name, seat, error) => {
  const { server, base } = await startServer();
  server.router.use('/api/a', () => {
    throw Object.assign(new InputError('no such seat'), { seat });
  });
  const answer = await fetch(`${base}/api/a`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error });
});

it('leaves nothing behind on a connection whose every request asks for another protocol', async () => {
  const { server, base } = await startServer();
  const counts = new Set<string>();
  const handler: express.Handler = ({ socket }, res) => {
    const names = socket.eventNames().map(name => `${String(name)} ${socket.listenerCount(name)}`);
    counts.add(names.sort().join());
    res.end();
  };
  server.router.use('/api/a', Object.assign(handler, { upgrade() {} }));
  const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
  for (let i = 0; i < 5; i++) {
    socket.write('GET /api/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    expect(String((await once(socket, 'data'))[0])).toContain('200 OK');
  }
  socket.destroy();
  expect([...counts]).toHaveLength(1);
});

describe('routing', () => {
  it('gives handlers full express requests and responses below their path', async () => {
    const { server, base } = await startServer({ backend: { trustProxy: true } });
    const router = express.Router();
    router.get('/things/:id', (req, res) => {
      res.status(201).json({
        id: req.params.id,
        query: req.query,
        ip: req.ip,
        baseUrl: req.baseUrl,
        url: req.url,
        originalUrl: req.originalUrl,
        path: req.path,
        protocol: req.protocol,
        linked: res.req === req && req.res === res && res.app === req.app,
        locals: typeof res.locals,
      });
    });
    server.router.use('/api/catalog', router);
    const response = await fetch(`${base}/api/catalog/things/a%20b?x=1&y=2`, {
      headers: { 'x-forwarded-for': '10.1.2.3', 'x-forwarded-proto': 'https' },
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      id: 'a b',
      query: { x: '1', y: '2' },
      ip: '10.1.2.3',
      baseUrl: '/api/catalog',
      url: '/things/a%20b?x=1&y=2',
      originalUrl: '/api/catalog/things/a%20b?x=1&y=2',
      path: '/things/a%20b',
      protocol: 'https',
      linked: true,
      locals: 'object',
    });
  });

  it.each<[JsonValue | undefined, string, string, string]>([
    [undefined, '127.0.0.1', 'http', 'real.example'],
    [false, '127.0.0.1', 'http', 'real.example'],
    [true, '203.0.113.9', 'https', 'forwarded.example'],
    [1, '10.0.0.7', 'https', 'forwarded.example'],
    ['loopback', '10.0.0.7', 'https', 'forwarded.example'],
    [['loopback', '10.0.0.0/8'], '203.0.113.9', 'https', 'forwarded.example'],
    ['10.0.0.0/8', '127.0.0.1', 'http', 'real.example'],
  ])('believes what proxies say with trustProxy %j: %s', async (trustProxy, ip, protocol, hostname) => {
    const backend = trustProxy === undefined ? {} : { trustProxy };
    const { server, base } = await startServer({ backend });
    server.router.use('/api/a', (req, res) => {
      res.json({ ip: req.ip, protocol: req.protocol, hostname: req.hostname });
    });
    const answer = await rawRequest(
      base,
      'GET /api/a HTTP/1.1\nHost: real.example\nX-Forwarded-For: 203.0.113.9, 10.0.0.7\nX-Forwarded-Proto: https\nX-Forwarded-Host: forwarded.example\nConnection: close\n\n',
    );
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({ ip, protocol, hostname });
  });

  it('keeps what a handler makes of the query, whatever the prototype of the request, as plugins of express 4 need it', async () => {
    const { server, base } = await startServer();
    const router = express.Router();
    router.use((req, _res, next) => {
      req.query.limit ??= '20';
      Object.setPrototypeOf(req, http.IncomingMessage.prototype);
      next();
    });
    router.get('/things', (req, res) => {
      const asSeen = req.query;
      req.query = { replaced: 'yes' };
      res.json([asSeen, req.query]);
    });
    server.router.use('/api/catalog', router);
    const response = await fetch(`${base}/api/catalog/things?filter=a&filter=b&page[size]=2`);
    expect(await response.json()).toEqual([
      { filter: ['a', 'b'], page: { size: '2' }, limit: '20' },
      { replaced: 'yes' },
    ]);
  });

  it('answers with an etag and 304 when the client has it', async () => {
    const { server, base } = await startServer();
    server.router.use('/api/a', (_req, res) => void res.send({ a: 1 }));
    const etag = (await fetch(`${base}/api/a`)).headers.get('etag')!;
    expect(etag).toMatch(/^W\//);
    // By hand, because fetch turns its request into one that wants no cached answer.
    const request = `GET /api/a HTTP/1.1\nHost: x\nIf-None-Match: ${etag}\nConnection: close\n\n`;
    expect(await rawRequest(base, request)).toMatch(/^HTTP\/1.1 304 /);
  });

  it('never changes the prototype of a request', async () => {
    const { server, base } = await startServer();
    const prototypes: object[] = [];
    server.router.use('/api/a', (req, res) => {
      prototypes.push(Object.getPrototypeOf(req), Object.getPrototypeOf(Object.getPrototypeOf(req)));
      res.json({ instance: req instanceof http.IncomingMessage && res instanceof http.ServerResponse });
    });
    expect(await (await fetch(`${base}/api/a`)).json()).toEqual({ instance: true });
    const setPrototypeOf = jest.spyOn(Object, 'setPrototypeOf');
    try {
      await fetch(`${base}/api/a`);
      expect(setPrototypeOf.mock.calls.filter(([target]) => target instanceof http.IncomingMessage)).toEqual(
        [],
      );
    } finally {
      setPrototypeOf.mockRestore();
    }
    expect(prototypes[0]).toBe(prototypes[2]);
    expect(Object.getPrototypeOf(prototypes[1]!)).toBe(express.request);
  });

  it('mounts whole express applications', async () => {
    const { server, base } = await startServer();
    const app = express();
    app.get('/hello', (req, res) => void res.json({ own: req.app === app, path: req.originalUrl }));
    server.router.use('/api/app1', app);
    expect(await (await fetch(`${base}/api/app1/hello`)).json()).toEqual({
      own: true,
      path: '/api/app1/hello',
    });
    const missing = await fetch(`${base}/api/app1/nothing`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: { name: 'NotFoundError' } });
  });

  it('gives a list of repeated parameters, however many there are', async () => {
    const { server, base } = await startServer();
    server.router.use('/api/a', (req, res) => void res.json(req.query));
    const filter = Array.from({ length: 900 }, (_, index) => `k=${index}`);
    const response = await fetch(
      `${base}/api/a?${filter.map(text => `filter=${encodeURIComponent(text)}`).join('&')}`,
    );
    expect(await response.json()).toEqual({ filter });
  });

  it('parses a query once, and lets handlers replace it', async () => {
    const { server, base } = await startServer();
    server.router.use('/api/a', (req, res) => {
      const { query } = req;
      const same = req.query === query;
      req.query = { ...query, added: '1' };
      res.json({ same, query: req.query });
    });
    const response = await fetch(`${base}/api/a?x=y`);
    expect(await response.json()).toEqual({ same: true, query: { x: 'y', added: '1' } });
  });

  it.each<[string, Parameters<typeof startServer>[0]]>([
    ['by itself', {}],
    ['with an express application', { configure: ({ applyDefaults }) => applyDefaults() }],
  ])('accepts whole URLs as request targets, %s', async (_, options) => {
    const { server, base } = await startServer(options);
    server.router.use('/api/a', (req, res) => void res.json({ url: req.url }));
    const answer = await rawRequest(
      base,
      'GET http://elsewhere/api/a/b?c HTTP/1.1\nHost: x\nConnection: close\n\n',
    );
    expect(answer).toContain('"url":"/b?c"');
    expect(await rawRequest(base, 'OPTIONS * HTTP/1.1\nHost: x\nConnection: close\n\n')).toContain(
      '404 Not Found',
    );
  });
});

describe('the standard chain', () => {
  it('sets security headers, a request id and no trace of express', async () => {
    const { base, logger, server } = await startServer({
      backend: {
        csp: { 'img-src': ["'self'", 'https:'], 'upgrade-insecure-requests': false },
        referrer: { policy: ['same-origin', 'strict-origin'] },
      },
    });
    server.router.use('/api/a', (_req, res) => void res.json({}));
    const { headers } = await fetch(`${base}/api/a`, { headers: { 'x-request-id': 'abc-1' } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("img-src 'self' https:");
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(headers.get('referrer-policy')).toBe('same-origin,strict-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toBe('abc-1');
    expect(logger.entries).toEqual([
      expect.objectContaining({
        level: 'info',
        message: 'GET /api/a 200',
        meta: expect.objectContaining({ method: 'GET', url: '/api/a', status: 200, requestId: 'abc-1' }),
      }),
    ]);
  });

  it.each([
    ['markup', 'X-Request-Id: <script>'],
    ['space', 'X-Request-Id: a b'],
    ['what breaks a line of a log', 'X-Request-Id: a\u0085b'],
    ['what a decoder would break', 'X-Request-Id: a%0d%0aSet-Cookie:%20b=c'],
    ['quotes', 'X-Request-Id: a"b'],
    ['too much', `X-Request-Id: ${'a'.repeat(129)}`],
    ['nothing', 'X-Request-Id:'],
    ['several', 'X-Request-Id: a\nX-Request-Id: b'],
  ])('takes no request id that has %s, but a new one', async (_what, header) => {
    const { base, logger } = await startServer();
    const answer = await rawRequest(base, `GET / HTTP/1.1\nHost: x\n${header}\nConnection: close\n\n`);
    const [, id] = /^X-Request-Id: (.*)$/im.exec(answer)!;
    expect(id!.trim()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(answer).not.toMatch(/set-cookie/i);
    expect(logger.entries).toEqual([
      expect.objectContaining({ meta: expect.objectContaining({ requestId: id!.trim() }) }),
    ]);
  });

  it('takes a request id of 128 characters', async () => {
    const { base } = await startServer();
    const id = 'a'.repeat(128);
    expect((await fetch(base, { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
  });

  it('is soon done with long origins, however many wildcards are configured', async () => {
    const { base } = await startServer({ backend: { cors: { origin: 'https://*-*.*.example.org' } } });
    const allowed = (origin: string) =>
      fetch(base, { headers: { origin } }).then(r => r.headers.get('access-control-allow-origin'));
    expect(await allowed('https://a-b.c.example.org')).toBe('https://a-b.c.example.org');
    expect(await allowed('https://a.c-b.example.org')).toBeNull();
    const begin = performance.now();
    expect(await allowed(`https://${'-.'.repeat(2_000)}`)).toBeNull();
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  it('allows the configured origins alone', async () => {
    const { base, server } = await startServer({
      backend: {
        cors: {
          origin: ['https://app.example', 'https://*.example.org'],
          methods: 'GET, PUT',
          credentials: true,
        },
      },
    });
    server.router.use('/api/a', (_req, res) => void res.json({}));
    const allowed = (origin: string) =>
      fetch(`${base}/api/a`, { headers: { origin } }).then(r => r.headers.get('access-control-allow-origin'));
    expect(await allowed('https://app.example')).toBe('https://app.example');
    expect(await allowed('https://one.example.org')).toBe('https://one.example.org');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('https://x/.example.org')).toBeNull();
    const preflight = await fetch(`${base}/api/a`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'PUT' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,PUT');
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('has every setting of cors', async () => {
    const { base, server } = await startServer({
      backend: {
        cors: {
          origin: 'https://app.example',
          methods: ['GET', 'PATCH'],
          allowedHeaders: 'X-One, X-Two',
          exposedHeaders: ['X-Three', 'X-Four'],
          maxAge: 60,
          optionsSuccessStatus: 200,
        },
      },
    });
    server.router.use('/api/a', (_req, res) => void res.json({}));
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'PATCH' };
    const preflight = await fetch(`${base}/api/a`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(200);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-methods': 'GET,PATCH',
      'access-control-allow-headers': 'X-One,X-Two',
      'access-control-expose-headers': 'X-Three,X-Four',
      'access-control-max-age': '60',
    });
    expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('lets handlers answer preflight requests where cors.preflightContinue says so', async () => {
    const { base, server } = await startServer({
      backend: { cors: { origin: '*', preflightContinue: true } },
    });
    server.router.use('/api/a', (req, res) => void res.status(299).json({ method: req.method }));
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'PUT' };
    expect((await fetch(`${base}/api/a`, { method: 'OPTIONS', headers })).status).toBe(299);
  });

  it('says nothing about origins without a configuration', async () => {
    const { base } = await startServer();
    const response = await fetch(`${base}/`, { headers: { origin: 'https://app.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('compresses long answers', async () => {
    const { base, server } = await startServer();
    server.router.use('/api/a', (_req, res) => void res.json({ long: 'x'.repeat(5000) }));
    const response = await fetch(`${base}/api/a`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    // By hand, because fetch accepts compressed answers in any case.
    const plain = await rawRequest(base, 'GET /api/a HTTP/1.1\nHost: x\nConnection: close\n\n');
    expect(plain).toContain('Vary: Accept-Encoding');
    expect(plain).not.toContain('Content-Encoding');
    expect(await response.json()).toEqual({ long: 'x'.repeat(5000) });
  });

  it('answers 404 with the common body', async () => {
    const { base } = await startServer();
    const response = await fetch(`${base}/nothing?x=1`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { name: 'NotFoundError', message: 'There is nothing at GET /nothing?x=1' },
      request: { method: 'GET', url: '/nothing?x=1' },
      response: { statusCode: 404 },
    });
  });
});

describe('errors', () => {
  it('tells a caller its own mistake, and 304 without a body', async () => {
    const { base, server, logger } = await startServer();
    server.router.use('/api/a', async () => {
      throw new InputError('Bad thing');
    });
    server.router.use('/api/b', (_req, res, next) => {
      res.set({ ETag: '"v1"', 'Cache-Control': 'max-age=60' });
      next(new NotModifiedError('same'));
    });
    const response = await fetch(`${base}/api/a/b`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { name: 'InputError', message: 'Bad thing' },
      request: { method: 'GET', url: '/api/a/b' },
      response: { statusCode: 400 },
    });
    const notModified = await fetch(`${base}/api/b`);
    expect(notModified.status).toBe(304);
    expect(await notModified.text()).toBe('');
    const { headers } = notModified;
    expect([headers.get('etag'), headers.get('cache-control')]).toEqual(['"v1"', 'max-age=60']);
    expect(logger.entries.filter(entry => entry.level === 'error')).toEqual([]);
  });

  it('lets nobody keep an error where a handler said so', async () => {
    const { base, server } = await startServer();
    server.router.use('/api/a', (_req, res) => {
      res.setHeader('cache-control', 'private, no-store');
      throw new InputError('Bad thing');
    });
    expect((await fetch(`${base}/api/a`)).headers.get('cache-control')).toBe('private, no-store');
  });

  it('keeps internal errors to the log, under a correlation id', async () => {
    const { base, server, logger } = await startServer();
    server.router.use('/api/a', (_req, res) => {
      res.setHeader('cache-control', 'max-age=1000');
      res.setHeader('etag', '"old"');
      throw new Error('password=hunter2');
    });
    const response = await fetch(`${base}/api/a`, { headers: { 'x-request-id': 'req-7' } });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text).error).toMatchObject({ name: 'InternalServerError', correlationId: 'req-7' });
    expect(response.headers.get('cache-control')).toBeNull();
    const [logged] = logger.entries.filter(entry => entry.level === 'error');
    expect(logged!.meta).toMatchObject({
      correlationId: 'req-7',
      status: 500,
      error: { message: 'password=hunter2' },
    });
  });

  it('takes malformed URLs for mistakes of the caller', async () => {
    const { base, server } = await startServer();
    const router = express.Router();
    router.get('/:name', (req, res) => void res.json(req.params));
    server.router.use('/api/a', router);
    server.router.use('/api/b', req => void decodeURIComponent(req.path));
    for (const path of ['/api/a/%E0%A4%A', '/api/b/%E0%A4%A']) {
      const answer = await rawRequest(base, `GET ${path} HTTP/1.1\nHost: x\nConnection: close\n\n`);
      expect(answer).toContain('400 Bad Request');
      expect(answer).not.toContain('.js');
    }
    expect(await rawRequest(base, 'GET /%E0%A4%A HTTP/1.1\nHost: x\nConnection: close\n\n')).toContain(
      '404 Not Found',
    );
  });

  it('answers a body that is not JSON with 400, without giving it back', async () => {
    const { base, server } = await startServer();
    server.router.use('/api/a', express.json());
    const response = await fetch(`${base}/api/a`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"secret":',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('secret');
  });

  it('shows neither the causes of an internal error nor their secrets, and logs all of them', async () => {
    const { base, server, logger } = await startServer();
    const root = new Error('login hunter2 failed');
    server.router.use('/api/a', () => {
      throw new AggregateError([new Error('one hunter2')], 'outer', {
        cause: new Error('middle', { cause: root }),
      });
    });
    server.router.use('/api/b', () => {
      throw Object.assign(new Error('gone'), { status: 410, headers: { 'X-Why': 'a\r\nSet-Cookie: b=c' } });
    });
    const response = await fetch(`${base}/api/a`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/hunter2|outer|middle|RootHttpServer/);
    expect(logger.entries.find(({ level }) => level === 'error')!.meta.error).toMatchObject({
      cause: { cause: root },
    });
    const gone = await fetch(`${base}/api/b`);
    expect([gone.status, gone.headers.get('x-why'), gone.headers.get('set-cookie')]).toEqual([
      410,
      null,
      null,
    ]);
  });

  it('breaks the connection when half an answer is out', async () => {
    const { base, server } = await startServer();
    server.router.use('/api/a', (_req, res) => {
      res.write('half');
      throw new Error('late');
    });
    await expect(fetch(`${base}/api/a`).then(response => response.text())).rejects.toThrow();
  });

  it('does not log an error for a client that hangs up', async () => {
    const { base, server, logger } = await startServer();
    server.router.use('/api/a', express.json());
    const done = new Promise<void>(resolve => {
      const info = logger.info;
      logger.info = (message, meta) => {
        info(message, meta);
        resolve();
      };
    });
    const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
    socket.write(
      'POST /api/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await once(socket, 'connect');
    setImmediate(() => socket.resetAndDestroy());
    await done;
    expect(logger.entries).toEqual([
      expect.objectContaining({ level: 'info', meta: expect.objectContaining({ status: 'aborted' }) }),
    ]);
  });
});

describe('health and plugins that are not ready', () => {
  it('is alive at once, ready when started, and not any more when a shutdown begins', async () => {
    const { base, lifecycle, logger } = await startServer({
      backend: { health: { headers: { 'X-Probe': 'yes' } } },
    });
    const probe = (name: string, method = 'GET') => fetch(`${base}/.backstage/health/v1/${name}`, { method });
    const alive = await probe('liveness');
    expect([alive.status, await alive.json(), alive.headers.get('x-probe')]).toEqual([
      200,
      { status: 'ok' },
      'yes',
    ]);
    // A cache in between must not answer for it.
    expect(alive.headers.get('cache-control')).toBe('no-store');
    expect((await probe('liveness', 'HEAD')).status).toBe(200);
    expect((await probe('readiness')).status).toBe(503);
    lifecycle[lifecycleHooksKey].enter('startup');
    expect((await probe('readiness')).status).toBe(200);
    lifecycle[lifecycleHooksKey].enter('beforeShutdown');
    expect((await probe('readiness')).status).toBe(503);
    expect((await probe('liveness')).status).toBe(200);
    expect((await probe('liveness/')).status).toBe(200);
    expect((await probe('other')).status).toBe(404);
    expect(logger.entries.map(entry => entry.message)).toEqual(['GET /.backstage/health/v1/other 404']);
  });

  it('holds requests to a plugin that has mounted nothing yet', async () => {
    const { base, server, states, settlers } = await startServer({ states: { catalog: 'starting' } });
    const response = fetch(`${base}/api/catalog/entities`);
    await until(() => settlers.length > 0);
    server.router.use('/api/catalog', (_req, res) => void res.json({ served: true }));
    states.catalog = 'started';
    settlers.forEach(settle => settle());
    expect(await (await response).json()).toEqual({ served: true });
  });

  it('says 503 for a plugin that failed, with its code, and 404 for one that serves nothing', async () => {
    const { base } = await startServer({ states: { bad: 'failed', quiet: 'started' } });
    const failed = await fetch(`${base}/api/bad/x`);
    expect(failed.status).toBe(503);
    expect(await failed.json()).toMatchObject({ error: { name: 'ServiceUnavailableError', code: 'GR_X' } });
    expect((await fetch(`${base}/api/quiet/x`)).status).toBe(404);
    expect((await fetch(`${base}/api/unknown/x`)).status).toBe(404);
  });

  it('gives up waiting after the timeout', async () => {
    const { base } = await startServer({ states: { slow: 'starting' }, pauseTimeout: 5 });
    const response = await fetch(`${base}/api/slow/x`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("'slow' has not started within 5 ms");
  });
});

describe('configure', () => {
  it('lets an express application handle the requests, with the defaults on demand', async () => {
    const { base, server, logger } = await startServer({
      configure({ app, applyDefaults }) {
        app.use((_req, res, next) => {
          res.setHeader('x-mine', '1');
          next();
        });
        applyDefaults();
      },
    });
    server.router.use('/api/a', (req, res) => void res.json({ baseUrl: req.baseUrl, query: req.query }));
    const response = await fetch(`${base}/api/a?b=c`);
    expect(response.headers.get('x-mine')).toBe('1');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.json()).toEqual({ baseUrl: '/api/a', query: { b: 'c' } });
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
    expect((await fetch(`${base}/.backstage/health/v1/liveness`)).status).toBe(200);
    expect(logger.entries).toHaveLength(2);
  });

  it.each<[JsonObject, object]>([
    [{}, { keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: 300_000 }],
    [
      { keepAliveTimeout: '2m', requestTimeout: { seconds: 9 }, maxRequestsPerSocket: 7 },
      { keepAliveTimeout: 120_000, headersTimeout: 9_000, requestTimeout: 9_000, maxRequestsPerSocket: 7 },
    ],
    [
      { headersTimeout: 500, timeout: 'PT3S', maxHeadersCount: 10 },
      { headersTimeout: 500, timeout: 3_000, maxHeadersCount: 10 },
    ],
  ])('hands out the server, with its timeouts for %j', async (limits, expected) => {
    let actual: http.Server | undefined;
    await startServer({
      backend: { server: limits },
      configure({ server, applyDefaults }) {
        actual = server;
        applyDefaults();
      },
    });
    expect(actual).toMatchObject(expected);
  });

  it('forwards what nothing matches to the index path', async () => {
    const { base, server } = await startServer({ indexPath: '/api/frontend' });
    server.router.use('/api/frontend', (req, res) => void res.json({ url: req.url }));
    expect(await (await fetch(`${base}/some/page`)).json()).toEqual({ url: '/some/page' });
  });
});

describe('HTTPS', () => {
  it('serves with the certificate of the configuration, and stops as fast as without', async () => {
    const { cert, key } = selfSignedCertificate();
    const { server } = await startServer({ backend: { https: { certificate: { cert, key } } } });
    server.router.use('/api/a', (req, res) => void res.json({ secure: req.secure }));
    expect(server.url).toMatch(/^https:/);
    const agent = new https.Agent({ keepAlive: true, ca: cert });
    const body = await new Promise<string>((resolve, reject) => {
      const request = https.get(`${server.url}/api/a`, { agent, family: 4 }, async res => {
        resolve((await res.toArray()).join(''));
      });
      request.on('error', reject);
    });
    expect(body).toBe('{"secure":true}');
    const begin = performance.now();
    await server.stop();
    expect(performance.now() - begin).toBeLessThan(500);
    agent.destroy();
  });

  it('stops as fast with handshakes that are not finished', async () => {
    const { cert, key } = selfSignedCertificate();
    const { server } = await startServer({ backend: { https: { certificate: { cert, key } } } });
    const port = Number(new URL(server.url).port);
    const silent = [net.connect(port, '127.0.0.1'), net.connect(port, '127.0.0.1')];
    // The beginning of a greeting.
    silent[1]!.write(Buffer.from('16030100c8010000c40303', 'hex'));
    const agent = new https.Agent({ keepAlive: true, ca: cert });
    // The server knows the connections once it has answered a later one.
    await new Promise<void>((resolve, reject) => {
      const request = https.get(`${server.url}/x`, { agent, family: 4 }, res =>
        res.resume().on('end', resolve),
      );
      request.on('error', reject);
    });
    const begin = performance.now();
    await server.stop();
    expect(performance.now() - begin).toBeLessThan(500);
    agent.destroy();
    silent.forEach(socket => socket.destroy());
  });

  it('says when the certificate is none', async () => {
    const backend = { https: { certificate: { cert: 'x', key: 'y' } } };
    await expect(startServer({ listen: false, backend })).rejects.toMatchObject({ code: 'GR_CONFIG_VALUE' });
  });
});

describe('connections', () => {
  it('are kept for longer than common load balancers keep theirs, and say so', async () => {
    const { base } = await startServer();
    const agent = new http.Agent({ keepAlive: true });
    const request = http.get(base, { agent });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    const [, seconds] = /^timeout=(\d+)$/.exec(String(response.headers['keep-alive']))!;
    // AWS and nginx: 60 s.
    expect(Number(seconds)).toBeGreaterThan(60);
    agent.destroy();
  });

  it('are closed when nothing moves on them for backend.server.timeout', async () => {
    const { base, server } = await startServer({ backend: { server: { timeout: 30 } } });
    server.router.use('/api/a', () => {});
    await expect(fetch(`${base}/api/a`)).rejects.toThrow('fetch failed');
  });

  it.each([
    ['headersTimeout', 'GET /api/a HTTP/1.1\r\nHost: x\r\n'],
    ['requestTimeout', 'POST /api/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'],
  ])('are closed soon after backend.server.%s, however slowly more comes', async (limit, begun) => {
    const { base, server } = await startServer({ backend: { server: { [limit]: 100 } } });
    server.router.use('/api/a', () => {});
    const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
    socket.write(begun);
    const more = setInterval(() => socket.write('a'), 20);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    clearInterval(more);
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408/);
  });

  it('serve no more requests than backend.server.maxRequestsPerSocket', async () => {
    const { base } = await startServer({ backend: { server: { maxRequestsPerSocket: 2 } } });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const connections: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      const [response] = (await once(http.get(base, { agent }), 'response')) as [http.IncomingMessage];
      connections.push(response.headers.connection);
      await response.toArray();
    }
    expect(connections).toEqual(['keep-alive', 'close', 'keep-alive']);
    agent.destroy();
  });
});

describe('listening and stopping', () => {
  it('names a port that is in use', async () => {
    const { base } = await startServer();
    const port = Number(new URL(base).port);
    const { server } = await startServer({ listen: false, backend: { listen: `127.0.0.1:${port}` } });
    await expect(server.start()).rejects.toMatchObject({
      code: 'GR_PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is already in use. Stop the other process, or set backend.listen.port to a free port.`,
    });
  });

  it('names a host that is not of this machine', async () => {
    const { server } = await startServer({ listen: false, backend: { listen: '192.0.2.1:0' } });
    await expect(server.start()).rejects.toMatchObject({ code: 'GR_LISTEN_FAILED' });
  });

  it.each([
    ['HTTP', http],
    ['HTTPS', https],
  ])('sends answers over %s to their end that a client reads slowly', async (_, protocol) => {
    const backend = protocol === https ? { https: { certificate: selfSignedCertificate() } } : {};
    const { server, base } = await startServer({ backend });
    const size = 30_000_000;
    server.router.use('/api/a', (_req, res) => void res.end(Buffer.alloc(size)));
    const [answer] = (await once(
      protocol.get(`${base}/api/a`, { rejectUnauthorized: false }),
      'response',
    )) as [http.IncomingMessage];
    await once(answer, 'readable');
    const stopped = server.stop();
    await new Promise(setImmediate);
    let received = 0;
    for await (const chunk of answer) received += (chunk as Buffer).length;
    expect(received).toBe(size);
    await stopped;
  });

  it('serves requests that are on their way when it stops, as proxies send none but a GET again', async () => {
    const { server, base } = await startServer();
    server.router.use('/api/a', (_req, res) => void res.end('served'));
    const port = Number(new URL(base).port);
    const early = net.connect(port, '127.0.0.1');
    await once(early, 'connect');
    // The server knows the connection once it has answered a later one.
    await fetch(`${base}/y`);
    // Has connected, and waits to be accepted.
    const late = net.connect(port, '127.0.0.1');
    const post = 'POST /api/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
    late.write(post);
    const stopped = new Promise<void>((resolve, reject) =>
      process.nextTick(() => server.stop().then(resolve, reject)),
    );
    while (server.server.listening) await new Promise(setImmediate);
    early.write(post);
    for (const socket of [late, early]) {
      expect(String(Buffer.concat(await socket.toArray()))).toMatch(
        /^HTTP\/1\.1 200 .*Connection: close.*served$/s,
      );
    }
    await stopped;
  });

  it('ends soon with idle keep-alive connections and ones that never sent anything', async () => {
    const { server, base } = await startServer();
    const agent = new http.Agent({ keepAlive: true });
    await new Promise<void>(resolve => {
      http.get(`${base}/x`, { agent }, res => res.resume().on('end', resolve));
    });
    const silent = net.connect(Number(new URL(base).port), '127.0.0.1');
    await once(silent, 'connect');
    // The server knows the connection once it has answered a later one.
    await fetch(`${base}/y`);
    const begin = performance.now();
    await server.stop();
    expect(performance.now() - begin).toBeLessThan(500);
    agent.destroy();
    silent.destroy();
  });

  it('finishes running requests, which then close their connection', async () => {
    const { server, base } = await startServer();
    let finish!: () => void;
    const entered = new Promise<void>(resolve => {
      server.router.use('/api/a', (_req, res) => {
        finish = () => res.json({ done: true });
        resolve();
      });
    });
    const agent = new http.Agent({ keepAlive: true });
    const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(`${base}/api/a`, { agent }, resolve).on('error', reject);
    });
    await entered;
    const stopped = server.stop();
    while (server.server.listening) await new Promise(setImmediate);
    await expect(fetch(`${base}/api/a`)).rejects.toThrow();
    finish();
    const response = await answer;
    expect(response.headers.connection).toBe('close');
    response.resume();
    await stopped;
    agent.destroy();
  });

  it('cuts off requests that do not end in time, and names them', async () => {
    const { server, base } = await startServer({ backend: { lifecycle: { drainTimeout: 20 } } });
    const entered = new Promise<void>(resolve => server.router.use('/api/stuck', () => resolve()));
    const answer = fetch(`${base}/api/stuck/here`).catch(error => error);
    await entered;
    await expect(server.stop()).rejects.toMatchObject({
      code: 'GR_DRAIN_TIMEOUT',
      message: expect.stringMatching(/GET \/api\/stuck\/here \(\d+ ms\)/),
    });
    expect(await answer).toMatchObject({ message: 'fetch failed' });
  });

  it('ends requests that were sent before those ahead of them had been answered with their connection', async () => {
    const { server, base, logger } = await startServer();
    const entered: string[] = [];
    server.router.use('/api/a', req => void entered.push(req.url));
    const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
    for (const name of ['1', '2', '3']) socket.write(`GET /api/a/${name} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => entered.length === 3);
    socket.destroy();
    const aborted = () => logger.entries.filter(({ message }) => /\d aborted$/.test(message));
    await until(() => aborted().length === 3);
    await expect(server.stop()).resolves.toBeUndefined();
  });

  it('lets a connection serve on during the shutdown delay whose answer had begun before, as its client may reuse it', async () => {
    const { server, base } = await startServer({
      backend: { lifecycle: { serverShutdownDelay: { seconds: 1 } } },
    });
    let finish!: () => void;
    server.router.use('/api/stream', (_req, res) => {
      res.write('begun');
      finish = () => res.end();
    });
    server.router.use('/api/a', (_req, res) => void res.json({}));
    const socket = net.connect(Number(new URL(base).port), '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', text => (received += text));
    socket.write('GET /api/stream HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => received.includes('begun'));
    const stopped = server.stop();
    finish();
    await until(() => received.endsWith('0\r\n\r\n'));
    received = '';
    socket.write('GET /api/a HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
    expect(received).toMatch(/^HTTP\/1.1 200 [^]*\nconnection: close\r\n/i);
    await stopped;
  });

  it('does not start with a shutdown delay that its stop could not read', async () => {
    const backend = { lifecycle: { serverShutdownDelay: 'soon' } };
    await expect(startServer({ backend })).rejects.toThrow('backend.lifecycle.serverShutdownDelay');
  });

  it('waits for requests where it may wait for longer than a timer can', async () => {
    const { server, base } = await startServer({ backend: { lifecycle: { drainTimeout: '60d' } } });
    let finish!: () => void;
    server.router.use('/api/a', (_req, res) => void (finish = () => res.json({ whole: true })));
    const answer = fetch(`${base}/api/a`);
    await until(() => finish !== undefined);
    const stopped = server.stop();
    setTimeout(finish, 100);
    expect(await (await answer).json()).toEqual({ whole: true });
    await stopped;
  });

  it('goes on serving, but not as ready, during the shutdown delay', async () => {
    const { server, base, lifecycle } = await startServer({
      backend: { lifecycle: { serverShutdownDelay: { milliseconds: 150 } } },
    });
    server.router.use('/api/a', (_req, res) => void res.json({}));
    lifecycle[lifecycleHooksKey].enter('startup');
    const stopped = server.stop();
    const during = await fetch(`${base}/api/a`);
    expect([during.status, during.headers.get('connection')]).toEqual([200, 'close']);
    expect((await fetch(`${base}/.backstage/health/v1/readiness`)).status).toBe(503);
    await stopped;
    await expect(fetch(`${base}/api/a`)).rejects.toThrow();
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn > 100_000) {
      throw new Error('The condition never came true');
    }
    await new Promise(resolve => setImmediate(resolve));
  }
}
