// Whatever bytes come as path and headers, no answer is a 500 and none shows a stack; the server goes on.
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import express from 'express';
import fc from 'fast-check';
import * as net from 'node:net';
import { startBackend, type StartedBackend } from '../../testing/startBackend';

let backend: StartedBackend;

beforeAll(async () => {
  const plugin = createPlugin('things', {
    deps: { httpRouter: coreServices.httpRouter, httpAuth: coreServices.httpAuth },
    async init({ httpRouter, httpAuth }) {
      const router = express.Router();
      router.use(express.json());
      router.get('/open/:id', (req, res) => {
        res.json({
          id: req.params.id,
          query: req.query,
          ip: req.ip,
          host: req.hostname,
          fresh: req.fresh,
        });
      });
      router.get('/open', async (req, res) => void res.json(await httpAuth.credentials(req)));
      router.all(['/closed', '/items'], (_req, res) => void res.json({}));
      httpRouter.use(router);
      httpRouter.addAuthPolicy({ path: '/open', allow: 'unauthenticated' });
      httpRouter.addAuthPolicy({ path: '/items/:id', allow: 'unauthenticated' });
      httpRouter.addAuthPolicy({ path: '/cookie', allow: 'user-cookie' });
    },
  });
  backend = await startBackend({
    features: [plugin],
    config: { backend: { trustProxy: true, cors: { origin: ['https://*.example.org'] } } },
  });
});
afterAll(() => backend.stop());

/** Sends bytes as they are, and gives all that comes back until the connection ends. */
async function send(bytes: Buffer): Promise<string> {
  const socket = net.connect(Number(new URL(backend.url).port), '127.0.0.1');
  socket.end(bytes);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
    }
  } catch {
    // A server may break off in the middle of what it does not understand.
  }
  return Buffer.concat(chunks).toString('latin1');
}

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const anyPiece = fc.oneof(
  anyText,
  fc.constantFrom(
    ...['', '/', '//', '..', '.', '%', '%2e%2e', '%E0%A4%A', '%00', '\\', '?', '#', '*', '@', ':', ';'],
    ...['api', 'things', 'open', 'closed', 'cookie', '.backstage', 'auth', 'v1', 'jwks.json', 'health'],
    ...['__proto__', 'constructor', 'toString', 'readiness', 'http://x', '[::1]'],
  ),
);
const target = fc
  .array(anyPiece, { maxLength: 8 })
  .chain(pieces => fc.constantFrom('/', '').map(separator => `/api/things/${pieces.join(separator)}`))
  .chain(path => fc.constantFrom(path, path.slice('/api/things'.length), path.slice(1)));
const headerName = fc.oneof(
  fc.constantFrom(
    ...['x-request-id', 'accept-encoding', 'accept', 'origin', 'authorization', 'cookie', 'host', 'range'],
    ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'if-none-match', 'if-modified-since'],
    ...['content-type', 'access-control-request-method', '__proto__', 'upgrade', 'traceparent'],
  ),
  anyText,
);
const headerValue = fc.oneof(
  anyText,
  fc.constantFrom(
    ...['Bearer ', 'Bearer a.b.c', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'gzip;q=nope', 'br, gzip', '*;q=0'],
    ...['backstage-auth=', 'backstage-auth=a.b.c; backstage-auth=d', 'application/json', 'text/html;q=x'],
    ...['https://a.example.org', '1.2.3.4, evil', '::1', 'W/"', 'bytes=9-1', 'h2c', '0'],
  ),
);
const request = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE', 'PATCH'),
    target,
    headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 6 }),
    body: fc.oneof(fc.constant(''), anyText),
  })
  .map(({ method, target: path, headers, body }) => {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n`;
    const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${length}${lines}\r\n`;
    return Buffer.from(head + body, 'latin1');
  });

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

function check(answer: string): void {
  // Without any answer the server has closed the connection, as it may.
  if (answer !== '') {
    expect(statusOf(answer)).toBeGreaterThanOrEqual(200);
    expect(statusOf(answer)).not.toBe(500);
  }
  expect(answer).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d/);
}

it('answers well-formed requests with arbitrary paths and headers', async () => {
  await fc.assert(
    fc.asyncProperty(request, async bytes => check(await send(bytes))),
    { numRuns: 400 },
  );
  expect(backend.logger.entries.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each(['/items/#', '/items/#x', '/items?/1', '/items/..\\items#', '//items/#'])(
  'needs credentials at %j, which express takes for another path than the open one that it looks like',
  async path => {
    const answer = await send(
      Buffer.from(`GET /api/things${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1'),
    );
    expect(statusOf(answer)).toBe(401);
  },
);

it('survives arbitrary bytes', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array));
  await fc.assert(
    fc.asyncProperty(bytes, async garbage => check(await send(garbage))),
    { numRuns: 100 },
  );
  const alive = await send(
    Buffer.from('GET /.backstage/health/v1/liveness HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
  );
  expect(statusOf(alive)).toBe(200);
});
