// What the log says of requests that a handler refused, over real HTTP.
import { InputError, ResponseError } from '@backstage/errors';
import express from 'express';
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
