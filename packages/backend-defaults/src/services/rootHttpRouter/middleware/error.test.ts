// What the log says of requests that failed, and which headers their answers have, over real HTTP.
import { InputError, NotModifiedError, ResponseError } from '@backstage/errors';
import express from 'express';
import { once } from 'node:events';
import { get, type ClientRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { createErrorMiddleware } from './error';

async function refusal(make: () => unknown, options?: { logAllErrors: boolean }) {
  const logger = new MemoryLogger();
  const app = express()
    .use(async () => {
      throw await make();
    })
    .use(createErrorMiddleware(logger, options));
  const { status, body } = await request(app).get('/x');
  return { status, error: body.error, log: logger.entries.map(({ message }) => message) };
}

it('says why another server refused, which the answer does not', async () => {
  const body = {
    error: { name: 'AuthenticationError', message: 'The token is not valid' },
    response: { statusCode: 401 },
  };
  const { status, error, log } = await refusal(() =>
    ResponseError.fromResponse(Response.json(body, { status: 401, statusText: 'Unauthorized' })),
  );
  expect({ status, message: error.message }).toEqual({
    status: 401,
    message: 'Request failed with 401 Unauthorized',
  });
  expect(log).toEqual([
    'Request refused: GET /x 401: Request failed with 401 Unauthorized: The token is not valid',
  ]);
});

it('says nothing of what was the fault of the caller, unless asked to', async () => {
  const wrong = () => new InputError('no seat');
  expect((await refusal(wrong)).log).toEqual([]);
  expect((await refusal(wrong, { logAllErrors: true })).log).toEqual([
    'Request refused: GET /x 400: no seat',
  ]);
});

it.each<[string, object, string[]]>([
  ['says nothing of a client that hung up', { code: 'ECONNRESET' }, []],
  ['still says what else went wrong meanwhile', { code: 'E_OTHER' }, ['Request failed: GET / 500']],
])('%s', async (_name, fields, log) => {
  const logger = new MemoryLogger();
  const handle = createErrorMiddleware(logger);
  const handled = new Promise<void>(resolve => {
    let client: ClientRequest;
    const app = express()
      .use(async (_req, res) => {
        client.destroy();
        await once(res, 'close');
        throw Object.assign(new Error('read failed'), fields);
      })
      .use(((error, req, res, next) => {
        handle(error, req, res, next);
        server.close(() => resolve());
      }) as express.ErrorRequestHandler);
    const server = app.listen(0, '127.0.0.1', () => {
      client = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
      client.on('error', () => {});
    });
  });
  await handled;
  expect(logger.entries.map(({ message }) => message)).toEqual(log);
});

describe('headers that were meant for another answer', () => {
  const headers = {
    ETag: '"1"',
    Expires: 'Wed, 01 Jan 2031 00:00:00 GMT',
    'Last-Modified': 'Wed, 01 Jan 2025 00:00:00 GMT',
    'Cache-Control': 'public',
    'Content-Encoding': 'gzip',
    'Content-Disposition': 'attachment',
    'Content-Security-Policy': "default-src 'self'",
    'X-Other': 'a',
  };
  const answerTo = (error: Error, more: Record<string, string> = {}) =>
    request(
      express()
        .use((_req, res) => {
          res.set({ ...headers, ...more });
          throw error;
        })
        .use(createErrorMiddleware(new MemoryLogger())),
    ).get('/x');

  it('are left out of that of an error, except what protects', async () => {
    const { headers: sent, body } = await answerTo(new InputError('no'));
    expect(body.error.message).toBe('no');
    expect(sent).toMatchObject({
      'content-security-policy': headers['Content-Security-Policy'],
      'content-type': 'application/json; charset=utf-8',
      'x-other': 'a',
    });
    for (const name of [
      'expires',
      'last-modified',
      'cache-control',
      'content-encoding',
      'content-disposition',
    ]) {
      expect(sent).not.toHaveProperty(name);
    }
    expect(sent.etag).not.toBe('"1"');
    const { headers: kept } = await answerTo(new InputError('no'), { 'Cache-Control': 'no-store' });
    expect(kept['cache-control']).toBe('no-store');
  });

  it('stay with a 304, which has no body', async () => {
    const { status, text, headers: sent } = await answerTo(new NotModifiedError('same'));
    expect({ status, text }).toEqual({ status: 304, text: '' });
    expect(sent).toMatchObject({ etag: '"1"', 'cache-control': 'public' });
  });
});
