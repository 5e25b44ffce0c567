// What callers are told about errors.
import {
  AuthenticationError,
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  NotImplementedError,
  NotModifiedError,
  ServiceUnavailableError,
  type ErrorLike,
} from '@backstage/errors';
import { errorResponse } from './errorResponse';

const respond = (error: Error, showStackTraces = false) =>
  errorResponse(error as ErrorLike, { correlationId: 'c1', showStackTraces });

it.each([
  [InputError, 400],
  [AuthenticationError, 401],
  [NotAllowedError, 403],
  [NotFoundError, 404],
  [ConflictError, 409],
  [NotModifiedError, 304],
  [NotImplementedError, 501],
  [ServiceUnavailableError, 503],
] as const)('answers %p with %d, by name alone', (ErrorClass, status) => {
  expect(respond(new ErrorClass('Why')).status).toBe(status);
  const { name } = ErrorClass;
  const foreign = Object.assign(new Error('Why'), { name });
  expect(respond(foreign)).toMatchObject({ status, error: { name, message: 'Why' } });
});

it('keeps own statuses of the 4xx kind only', () => {
  expect(respond(Object.assign(new Error('x'), { status: 418 })).status).toBe(418);
  expect(respond(Object.assign(new Error('x'), { statusCode: 413 })).status).toBe(413);
  for (const status of [200, 302, 399, 500, 502, 600, 404.5, '404']) {
    const response = respond(Object.assign(new Error('password=x'), { status }));
    expect(response).toMatchObject({ status: 500, error: { name: 'InternalServerError' } });
    expect(JSON.stringify(response)).not.toContain('password');
  }
  expect(respond(Object.assign(new Error('x'), { name: 'constructor' })).status).toBe(500);
});

it('gives code and fields, but neither cause nor stack nor body', () => {
  const error = Object.assign(new ConflictError('Taken'), {
    code: 'E_TAKEN',
    owner: 'me',
    body: 'raw',
    cause: new Error('password'),
  });
  expect(respond(error).error).toEqual({
    name: 'ConflictError',
    message: 'Taken',
    code: 'E_TAKEN',
    owner: 'me',
  });
  expect(respond(Object.assign(new Error('secret'), { status: 400, expose: false })).error.message).toBe(
    'The request was refused',
  );
});

it('passes on headers that go with a status', () => {
  const error = Object.assign(new Error('x'), {
    status: 416,
    headers: { 'Content-Range': 'bytes */7', n: 1 },
  });
  expect(respond(error).headers).toEqual({ 'Content-Range': 'bytes */7' });
  expect(respond(Object.assign(new Error('x'), { status: 416, headers: null })).headers).toEqual({});
});

it('passes on no header that would break the answer, or have it read as something else', () => {
  const headers = {
    'X-Split': 'a\r\nSet-Cookie: b=c',
    'X Name': 'a',
    'Content-Length': '1',
    'content-type': 'text/html',
    'Transfer-Encoding': 'chunked',
    Connection: 'upgrade',
    'Retry-After': '5',
  };
  const error = Object.assign(new Error('x'), { status: 429, headers });
  expect(respond(error).headers).toEqual({ 'Retry-After': '5' });
});

it('tells nothing of a call that failed, nor of its credentials', () => {
  const headers = { authorization: 'Bearer hunter2' };
  const error = Object.assign(new Error('Request failed with status code 404'), {
    name: 'AxiosError',
    code: 'ERR_BAD_REQUEST',
    status: 404,
    config: { headers },
    options: { headers },
    request: { headers },
    response: { config: { headers }, data: 'hunter2' },
    cause: new NotFoundError('deep', new Error('hunter2')),
  });
  const response = respond(error);
  expect(response).toMatchObject({ status: 404, error: { name: 'AxiosError', code: 'ERR_BAD_REQUEST' } });
  expect(JSON.stringify(response)).not.toContain('hunter2');
});

it('tells everything only where that is switched on', () => {
  const hidden = respond(new Error('password=x'));
  expect(JSON.stringify(hidden)).not.toContain('password');
  expect(hidden).toMatchObject({ status: 500, error: { name: 'InternalServerError', correlationId: 'c1' } });
  const shown = respond(new Error('password=x'), true);
  expect(shown.error).toMatchObject({
    message: 'password=x',
    correlationId: 'c1',
    stack: expect.stringContaining('errorResponse.test'),
  });
});

it('answers 503 where another backend gives no answer, unless what was asked of it may be done', () => {
  const cause = (fields: object) =>
    new Error('Looking it up failed', { cause: Object.assign(new Error('x'), fields) });
  for (const statusCode of [502, 503, 504]) {
    expect(respond(cause({ name: 'ResponseError', statusCode })).status).toBe(503);
  }
  expect(respond(cause({ name: 'ResponseError', statusCode: 500 })).status).toBe(500);
  const code = 'GR_REQUEST_UNANSWERED';
  expect(respond(cause({ code, mayBeDone: false })).status).toBe(503);
  expect(respond(cause({ code, mayBeDone: true })).status).toBe(500);
});
