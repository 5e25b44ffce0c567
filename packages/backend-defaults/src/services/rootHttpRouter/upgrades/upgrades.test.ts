// Upgrade requests over real connections: WebSockets reach the plugin that claims their path, all others stay requests.
import { coreServices, type BackendFeature } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import express, { type Handler } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { WebSocket, WebSocketServer, type ClientOptions } from 'ws';
import { selfSignedCertificate } from '../../../testing/selfSignedCertificate';
import { composeBackend, startBackend, type StartedBackend } from '../../../testing/startBackend';

const token = 'a-static-token-for-tests';
const cleanups: Array<() => unknown> = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

/** A plugin whose WebSockets tell what it saw of their request, then give back what they get. */
function echoPlugin(pluginId: string, options: { open?: boolean } = {}): BackendFeature {
  return createPlugin(pluginId, {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      const sockets = new WebSocketServer({ noServer: true });
      httpRouter.use(express.json());
      const handler: Handler = (req, res) => void res.json({ plain: req.url, body: req.body });
      httpRouter.use(
        Object.assign(handler, {
          upgrade: (req: IncomingMessage, socket: net.Socket, head: Buffer) =>
            sockets.handleUpgrade(req, socket, head, client => {
              const { url, baseUrl, originalUrl } = req as IncomingMessage & Record<string, unknown>;
              client.send(JSON.stringify({ pluginId, url, baseUrl, originalUrl }));
              client.on('message', data => client.send(data.toString()));
            }),
        }) as Handler,
      );
      if (options.open) {
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      }
    },
  });
}

async function start(...features: BackendFeature[]): Promise<StartedBackend> {
  const externalAccess = [{ type: 'static', options: { token, subject: 'test' } }];
  const backend = await startBackend({ features, config: { backend: { auth: { externalAccess } } } });
  cleanups.push(() => backend.stop());
  return backend;
}

function connect(url: string, headers: Record<string, string> = {}, options: ClientOptions = {}): WebSocket {
  const client = new WebSocket(url.replace('http', 'ws'), { ...options, headers });
  // A refusal is one too, and so is the end of the test.
  client.on('error', () => {});
  cleanups.push(() => client.terminate());
  return client;
}

/** The status and body of the answer to a WebSocket that is refused. */
async function refusal(client: WebSocket): Promise<{ status?: number; body: any; close?: string }> {
  const [, response] = (await once(client, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = (await response.toArray()).join('');
  return { status: response.statusCode, body: JSON.parse(body), close: response.headers.connection };
}

const firstMessage = async (client: WebSocket) => String((await once(client, 'message'))[0]);

it('gives WebSockets to the plugin that claims their path, behind its check of credentials', async () => {
  const { url, logger } = await start(echoPlugin('one'), echoPlugin('two', { open: true }));
  const authorized = connect(`${url}/api/one/a/b?c=d`, { authorization: `Bearer ${token}` });
  expect(JSON.parse(await firstMessage(authorized))).toEqual({
    pluginId: 'one',
    url: '/a/b?c=d',
    baseUrl: '/api/one',
    originalUrl: '/api/one/a/b?c=d',
  });
  authorized.send('hello');
  expect(await firstMessage(authorized)).toBe('hello');

  const open = connect(`${url}/API/two`);
  expect(JSON.parse(await firstMessage(open))).toMatchObject({ pluginId: 'two', url: '/' });

  expect(await refusal(connect(`${url}/api/one/a`))).toMatchObject({
    status: 401,
    body: { error: { name: 'AuthenticationError' } },
    close: 'close',
  });
  const lines = logger.entries.map(({ message }) => message);
  expect(lines).toEqual(
    expect.arrayContaining(['GET /api/one/a/b?c=d 101', 'GET /API/two 101', 'GET /api/one/a 401']),
  );
});

it('answers what nobody claims as a request, and plain requests for other protocols with what they ask', async () => {
  const { url } = await start(echoPlugin('one', { open: true }));
  expect(await refusal(connect(`${url}/api/none/x`))).toMatchObject({
    status: 404,
    body: { error: { name: 'NotFoundError' } },
  });
  const { port } = new URL(url);
  const body = '{"a":1}';
  const posted = net.connect(Number(port), '127.0.0.1');
  posted.write(
    `POST /api/one/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 2)}`,
  );
  const next = 'GET /api/one/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  // What comes right behind such a body is lost by Node 26, whoever listens.
  const isLost = Number.parseInt(process.versions.node, 10) >= 26;
  posted.write(isLost ? body.slice(2) : `${body.slice(2)}${next}`);
  if (isLost) posted.once('data', () => posted.write(next));
  const answers = (await posted.toArray()).join('');
  expect(answers).toContain('{"plain":"/a","body":{"a":1}}');
  expect(answers).toContain('{"plain":"/b"}');

  const socket = net.connect(Number(port), '127.0.0.1');
  socket.write(
    'GET /.backstage/health/v1/liveness HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  );
  const answer = (await socket.toArray()).join('');
  expect(answer).toContain('200 OK');
  expect(answer).toContain('{"status":"ok"}');
});

it('takes no body for a request, whose length is among headers that Node has left out', async () => {
  const { url, logger } = await start(echoPlugin('one', { open: true }));
  const body = 'GET /api/one/smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    `POST /api/one/a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${'A: 1\r\n'.repeat(1_200)}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const answer = (await socket.toArray()).join('');
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
  expect(`${answer}${logger.entries.map(({ message }) => message).join()}`).not.toContain('smuggled');
});

it('serves upgrade requests as plain ones where nobody takes any', async () => {
  const plain = createPlugin('plain', {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      httpRouter.use((_req, res) => void res.json({ plain: true }));
      httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
    },
  });
  const { url } = await start(plain);
  expect(await refusal(connect(`${url}/api/plain/x`))).toMatchObject({ status: 200, body: { plain: true } });
});

it('does all of it over HTTPS as well', async () => {
  const { cert, key } = selfSignedCertificate();
  const backend = await startBackend({
    features: [echoPlugin('one', { open: true })],
    config: { backend: { https: { certificate: { cert, key } } } },
  });
  cleanups.push(() => backend.stop());
  const client = connect(`${backend.url}/api/one/x`, {}, { rejectUnauthorized: false });
  expect(JSON.parse(await firstMessage(client))).toMatchObject({ url: '/x' });

  const { port } = new URL(backend.url);
  const plain = tls.connect({ port: Number(port), host: '127.0.0.1', ca: cert, servername: 'localhost' });
  plain.write('GET /api/one/b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n');
  expect((await plain.toArray()).join('')).toContain('{"plain":"/b"}');
});

it('counts WebSockets, refused ones too, into the limit of a client', async () => {
  const backend = await startBackend({
    features: [echoPlugin('one'), echoPlugin('two', { open: true })],
    config: { backend: { rateLimit: { incomingRequestLimit: 2, ipAllowList: [] } } },
  });
  cleanups.push(() => backend.stop());
  await firstMessage(connect(`${backend.url}/api/two/x`));
  expect(await refusal(connect(`${backend.url}/api/one/x`))).toMatchObject({ status: 401 });
  const [, limited] = (await once(connect(`${backend.url}/api/two/x`), 'unexpected-response')) as [
    unknown,
    IncomingMessage,
  ];
  expect(limited.statusCode).toBe(429);
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(50);
  expect((await fetch(`${backend.url}/api/two/x`)).status).toBe(429);
});

it('holds WebSockets back until their plugin has started', async () => {
  let proceed!: () => void;
  const held = new Promise<void>(resolve => (proceed = resolve));
  let mounted!: () => void;
  const isMounted = new Promise<void>(resolve => (mounted = resolve));
  const slow = createPlugin('slow', {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      const sockets = new WebSocketServer({ noServer: true });
      const handler: Handler = (_req, res) => void res.json({});
      const upgrade = (req: IncomingMessage, socket: net.Socket, head: Buffer) =>
        sockets.handleUpgrade(req, socket, head, client => client.send(`held: ${isHeld}`));
      httpRouter.use(Object.assign(handler, { upgrade }) as Handler);
      httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      mounted();
      await held;
    },
  });
  let isHeld = true;
  const { backend, url } = composeBackend({ features: [slow] });
  cleanups.push(() => backend.stop());
  const started = backend.start();
  await isMounted;
  const client = connect(`${url()}/api/slow/x`);
  const message = firstMessage(client);
  // Behind it on another connection, so that the upgrade request has been there for long.
  await fetch(`${url()}/.backstage/health/v1/liveness`);
  isHeld = false;
  proceed();
  expect(await message).toBe('held: false');
  await started;
});

it('does not let a connection that breaks or a listener that fails end anything else', async () => {
  const failing = createPlugin('failing', {
    deps: { httpRouter: coreServices.httpRouter },
    async init({ httpRouter }) {
      const handler: Handler = (_req, res) => void res.json({});
      const upgrade = () => {
        throw new Error('password=hunter2');
      };
      httpRouter.use(Object.assign(handler, { upgrade }));
      httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
    },
  });
  const { url, logger } = await start(failing, echoPlugin('one', { open: true }));
  const refused = await refusal(connect(`${url}/api/failing/x`));
  expect(refused.status).toBe(500);
  expect(JSON.stringify(refused.body)).not.toContain('hunter2');
  expect(logger.entries.some(({ level }) => level === 'error')).toBe(true);

  const client = connect(`${url}/api/one/x`);
  await firstMessage(client);
  const closed = once(client, 'close');
  (client as unknown as { _socket: net.Socket })._socket.resetAndDestroy();
  await closed;
  expect((await fetch(`${url}/api/one/x`)).status).toBe(200);
});

it('ends WebSockets when the backend stops', async () => {
  const backend = await start(echoPlugin('one', { open: true }));
  const client = connect(`${backend.url}/api/one/x`);
  await firstMessage(client);
  const closed = once(client, 'close');
  expect(await backend.stop()).toMatchObject({ outcome: 'success' });
  await closed;
});

describe('http-proxy-middleware', () => {
  async function target(): Promise<string> {
    const server = createServer((_req, res) => void res.end('proxied'));
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', client =>
      client.on('message', data => client.send(`target: ${data.toString()}`)),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => {
      sockets.clients.forEach(client => client.terminate());
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function proxyPlugin(wrap: (proxy: Handler) => Handler, proxy: Handler): BackendFeature {
    return createPlugin('proxy', {
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        httpRouter.use(wrap(proxy));
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      },
    });
  }

  async function talk(url: string): Promise<string> {
    const client = connect(`${url}/api/proxy/x`);
    await once(client, 'open');
    client.send('hello');
    return firstMessage(client);
  }

  it('gets WebSockets by its upgrade method, without a request before', async () => {
    const proxy = createProxyMiddleware({ target: await target(), changeOrigin: true, ws: true });
    const { url } = await start(proxyPlugin(same => same, proxy as unknown as Handler));
    expect(await talk(url)).toBe('target: hello');
    expect(await (await fetch(`${url}/api/proxy/x`)).text()).toBe('proxied');
    expect(await talk(url)).toBe('target: hello');
  });

  it.each(['alone', 'beside a plugin that takes upgrades'])(
    'gets them from the server after a first request, %s',
    async where => {
      const proxy = createProxyMiddleware({ target: await target(), changeOrigin: true, ws: true });
      const others = where === 'alone' ? [] : [echoPlugin('one', { open: true })];
      // Wrapped, its upgrade method can't be seen; it then listens to the server itself.
      const { url } = await start(
        proxyPlugin(inner => (req, res, next) => inner(req, res, next), proxy as unknown as Handler),
        ...others,
      );
      expect(await (await fetch(`${url}/api/proxy/x`)).text()).toBe('proxied');
      expect(await talk(url)).toBe('target: hello');
    },
  );
});
