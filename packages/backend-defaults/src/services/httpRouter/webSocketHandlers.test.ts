// Handlers of WebSockets over real connections: who is let in, by which path, and what happens when one fails.
import { coreServices, type BackendFeature } from '@greenroom/backend-plugin-api';
import type {
  HttpRouterService,
  HttpRouterServiceWebSocketContext,
  RootHttpRouterService,
} from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import { once } from 'node:events';
import { request as startRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { composeBackend, startBackend, type StartedBackend } from '../../testing/startBackend';

const token = 'a-static-token-for-tests';
const cleanups: Array<() => unknown> = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

/** Takes a WebSocket, and tells it what the handler received. */
function greet({
  request,
  socket,
  head,
  credentials,
  authProtocol,
}: HttpRouterServiceWebSocketContext): void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => [...offered].find(one => one === 'chat') ?? [...offered][0]!,
  });
  const told = { url: request.url, principal: credentials?.principal, authProtocol };
  sockets.handleUpgrade(request, socket, head, client => client.send(JSON.stringify(told)));
}

interface Given {
  http: HttpRouterService;
  root: RootHttpRouterService;
}

function pluginOf(init: (given: Given) => void | Promise<void>): BackendFeature {
  return createPlugin('sockets', {
    deps: { http: coreServices.httpRouter, root: coreServices.rootHttpRouter },
    init: async given => init(given),
  });
}

const externalAccess = [{ type: 'static', options: { token, subject: 'test' } }];

async function start(init: (given: Given) => void, backend: object = {}): Promise<StartedBackend> {
  const auth = { externalAccess };
  const started = await startBackend({
    features: [pluginOf(init)],
    config: { backend: { auth, ...backend } },
  });
  cleanups.push(() => started.stop());
  return started;
}

/** What the other side sends first, or how it refuses. */
async function open(
  url: string,
  { protocols = [], headers = {} }: { protocols?: string[]; headers?: Record<string, string> } = {},
): Promise<any> {
  const client = new WebSocket(url.replace('http', 'ws'), protocols, { headers });
  client.on('error', () => {});
  cleanups.push(() => client.terminate());
  const refused = once(client, 'unexpected-response').then(async args => {
    const response = args[1] as IncomingMessage;
    const text = (await response.toArray()).join('');
    return { status: response.statusCode, error: JSON.parse(text).error };
  });
  const greeted = once(client, 'message').then(args => JSON.parse(String(args[0])));
  return Promise.race([refused, greeted]);
}

const authorization = `Bearer ${token}`;
const caller = { type: 'service', subject: 'test' };

it('lets in who has a token, in the header or among the protocols, and tells which one it was', async () => {
  const { url, logger } = await start(({ http }) =>
    http.addWebSocketHandler({ path: '/live', handler: greet }),
  );
  const live = `${url}/api/sockets/live`;
  expect(await open(`${live}?a=b`, { headers: { authorization } })).toEqual({
    url: '/api/sockets/live?a=b',
    principal: caller,
  });
  expect(await open(live, { protocols: ['chat'], headers: { authorization } })).toEqual({
    url: '/api/sockets/live',
    principal: caller,
  });
  expect(await open(live, { protocols: ['chat', token] })).toMatchObject({ principal: caller });
  expect(logger.entries.filter(({ level }) => level === 'warn')).toEqual([]);
  for (const protocols of [[token], ['chat', token], [token, 'chat'], ['e30.e30.x', token]]) {
    expect(await open(live, { protocols })).toMatchObject({ principal: caller, authProtocol: token });
  }
  expect(await open(live, { protocols: [token], headers: { authorization: 'Bearer bad' } })).toMatchObject({
    authProtocol: token,
  });
});

it('reads protocols as browsers write them, with blanks between them', async () => {
  const { url } = await start(({ http }) => http.addWebSocketHandler({ path: '/live', handler: greet }));
  const client = startRequest(`${url}/api/sockets/live`, {
    headers: {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': `chat, ${token}`,
    },
  }).end();
  const [response, socket] = (await once(client, 'upgrade')) as [IncomingMessage, Duplex];
  socket.destroy();
  expect(response.headers['sec-websocket-protocol']).toBe('chat');
});

it('refuses who has none that holds, whatever policies the plugin has, and says why', async () => {
  const { url } = await start(({ http }) => {
    http.addWebSocketHandler({ path: '/live', handler: greet });
    http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
  });
  const live = `${url}/api/sockets/live`;
  const missing = { status: 401, error: { message: 'Credentials are missing' } };
  const invalid = { status: 401, error: { message: 'The token is not valid' } };
  expect(await open(live)).toMatchObject(missing);
  expect(await open(live, { protocols: ['chat'] })).toMatchObject(missing);
  expect(await open(live, { headers: { cookie: `backstage-auth=${token}` } })).toMatchObject(missing);
  expect(await open(live, { protocols: ['e30.e30.x'] })).toMatchObject(invalid);
  expect(await open(live, { headers: { authorization: 'Bearer bad' } })).toMatchObject(invalid);
  const tooMany = Array.from({ length: 10 }, (_, at) => `chat${at}`);
  expect(await open(live, { protocols: [...tooMany, token] })).toMatchObject(missing);
});

it('lets in everybody where the handler or the configuration says so', async () => {
  const { url } = await start(({ http }) =>
    http.addWebSocketHandler({ path: '/open', authPolicy: 'unauthenticated', handler: greet }),
  );
  const nobody = { principal: { type: 'none' } };
  const anybody: Array<Record<string, string>> = [{}, { authorization }, { authorization: 'Bearer bad' }];
  for (const headers of anybody) {
    expect(await open(`${url}/api/sockets/open`, { headers })).toMatchObject(nobody);
  }
  const lax = await start(({ http }) => http.addWebSocketHandler({ path: '/', handler: greet }), {
    auth: { externalAccess, dangerouslyDisableDefaultAuthPolicy: true },
  });
  expect(await open(`${lax.url}/api/sockets`)).toMatchObject(nobody);
  expect(await open(`${lax.url}/api/sockets`, { headers: { authorization } })).toMatchObject({
    principal: caller,
  });
});

it('takes exact paths alone; whatever lies beside them is a request as any other', async () => {
  const { url } = await start(({ http, root }) => {
    http.addWebSocketHandler({ path: '/', handler: greet });
    http.addWebSocketHandler({ path: '/live', handler: greet });
    root.addWebSocketHandler({ path: '/bare', handler: greet as never });
  });
  const headers = { authorization };
  expect(await open(`${url}/api/sockets`, { headers })).toMatchObject({ url: '/api/sockets' });
  expect(await open(`${url}/bare?x`)).toEqual({ url: '/bare?x' });
  for (const path of ['/api/sockets/', '/api/sockets/live/', '/api/sockets/live/x', '/api/sockets/LIVE']) {
    expect(await open(url + path, { headers })).toMatchObject({ status: 404 });
  }
  expect((await fetch(`${url}/api/sockets/live`, { headers })).status).toBe(404);
});

it('refuses paths that no request can have, that are taken, and policies that it does not know', async () => {
  const thrown: Record<string, string> = {};
  await start(({ http, root }) => {
    const attempt = (name: string, add: () => void) => {
      try {
        add();
      } catch (error) {
        thrown[name] = String(error);
      }
    };
    const handler = () => {};
    http.addWebSocketHandler({ path: '/live', handler });
    attempt('no slash', () => http.addWebSocketHandler({ path: 'live', handler }));
    attempt('query', () => root.addWebSocketHandler({ path: '/live?a', handler }));
    attempt('twice', () => http.addWebSocketHandler({ path: '/live', handler }));
    attempt('policy', () =>
      http.addWebSocketHandler({ path: '/x', authPolicy: 'user-cookie' as 'unauthenticated', handler }),
    );
  });
  const rule = 'InputError: A WebSocket handler needs a path that begins with a slash and has no query, not';
  expect(thrown).toEqual({
    'no slash': `${rule} 'live'`,
    query: `${rule} '/live?a'`,
    twice: "InputError: The WebSockets of '/api/sockets/live' have a handler already: remove one of the two",
    policy:
      "InputError: The WebSockets of '/x' have the unknown policy 'user-cookie': leave it out, or let in everybody with 'unauthenticated'",
  });
});

it('answers with the error of a handler that fails before it has taken the connection', async () => {
  const { url, logger } = await start(({ http }) =>
    http.addWebSocketHandler({
      path: '/live',
      async handler() {
        throw new Error('password=hunter2');
      },
    }),
  );
  const refused = await open(`${url}/api/sockets/live`, { headers: { authorization } });
  expect(refused.status).toBe(500);
  expect(JSON.stringify(refused)).not.toContain('hunter2');
  expect(logger.entries.some(({ level }) => level === 'error')).toBe(true);
});

it('serves them for a plugin that is up at the second attempt, and until then refuses them', async () => {
  let attempts = 0;
  let proceed!: () => void;
  const held = new Promise<void>(resolve => (proceed = resolve));
  const plugin = pluginOf(async ({ http }) => {
    http.addWebSocketHandler({ path: '/live', handler: greet });
    if (++attempts === 1) throw new Error('not yet');
    await held;
  });
  const startup = { default: { onPluginBootFailure: 'retry' }, retry: { initialDelay: '10ms' } };
  const { backend, url } = composeBackend({
    features: [plugin],
    config: { backend: { auth: { externalAccess }, startup } },
  });
  cleanups.push(() => backend.stop());
  await backend.start();
  const live = () => open(`${url()}/api/sockets/live`, { headers: { authorization } });
  expect(await live()).toMatchObject({ status: 503, error: { code: 'GR_INIT_FAILED' } });
  proceed();
  let answer = await live();
  while (answer.status === 503) answer = await live();
  expect(answer).toMatchObject({ principal: caller });
  expect(attempts).toBe(2);
});
