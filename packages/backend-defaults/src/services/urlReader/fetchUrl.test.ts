// Tests single fetches against real servers: conditions, redirects, limits, silence, refusals.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sourceArguments } from '../../testing/sourceArguments';
import { WebServer, type Answer } from '../../testing/WebServer';
import { defaultUrlReaderLimits } from './config';
import { fetchUrl, type FetchUrlOptions } from './fetchUrl';
import { readAll } from './ReadUrlResponseFactory';

const limits = { ...defaultUrlReaderLimits, timeout: 10_000, maxFileSize: 1_000 };
let server: WebServer;
let other: WebServer;

beforeAll(async () => {
  server = await WebServer.start();
  other = await WebServer.start();
});
afterAll(() => Promise.all([server.stop(), other.stop()]));
beforeEach(() => {
  for (const one of [server, other]) {
    one.answers.clear();
    one.requests.length = 0;
  }
});

const fetched = (path: string, options: Partial<FetchUrlOptions> = {}) =>
  fetchUrl(new URL(path, server.url), {
    limits,
    maxSize: 'maxFileSize',
    mayRedirectTo: () => true,
    credentialsHint: 'Give a token.',
    ...options,
  });

async function read(path: string, options?: Partial<FetchUrlOptions>): Promise<string> {
  const { stream } = await fetched(path, options);
  return String(await readAll(stream));
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

it('gives content, etag and date', async () => {
  const date = 'Wed, 01 Jan 2025 00:00:00 GMT';
  server.answers.set('/a', answer(200, { etag: '"1"', 'last-modified': date }, 'hello'));
  const { etag, lastModifiedAt } = await fetched('/a');
  expect({ etag, lastModifiedAt }).toEqual({ etag: '"1"', lastModifiedAt: new Date(date) });
  await expect(read('/a')).resolves.toBe('hello');
});

describe('what has not changed', () => {
  it('asks the host, and gives NotModifiedError for 304', async () => {
    server.answers.set('/a', answer(304));
    const lastModifiedAfter = new Date('2025-01-01T00:00:00Z');
    await expect(read('/a', { etag: '"1"', lastModifiedAfter })).rejects.toMatchObject({
      name: 'NotModifiedError',
    });
    expect(server.requests[0]!.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Wed, 01 Jan 2025 00:00:00 GMT',
    });
  });

  it('does not rely on the host for it', async () => {
    const date = 'Wed, 01 Jan 2025 00:00:00 GMT';
    server.answers.set('/a', answer(200, { etag: '"1"', 'last-modified': date }, 'hello'));
    await expect(read('/a', { etag: '"1"' })).rejects.toMatchObject({ name: 'NotModifiedError' });
    const seen = { lastModifiedAfter: new Date(date) };
    await expect(read('/a', seen)).rejects.toMatchObject({ name: 'NotModifiedError' });
    await expect(read('/a', { etag: '"2"', lastModifiedAfter: new Date(0) })).resolves.toBe('hello');
  });
});

describe('redirects', () => {
  it('keeps credentials on the way within an origin, and to no other', async () => {
    server.answers.set('/a', answer(302, { location: '/b' }));
    server.answers.set('/b', answer(307, { location: `${other.url}/c` }));
    other.answers.set('/c', 'there');
    const headers = { Authorization: 'Bearer secret', accept: 'text/plain' };
    await expect(read('/a', { headers })).resolves.toBe('there');
    expect(server.requests.map(request => request.headers.authorization)).toEqual([
      'Bearer secret',
      'Bearer secret',
    ]);
    expect(other.requests[0]!.headers.authorization).toBeUndefined();
    expect(other.requests[0]!.headers.accept).toBe('text/plain');
  });

  it('goes nowhere that is not allowed, also within a host', async () => {
    server.answers.set('/a', answer(302, { location: `${other.url}/secret?token=x` }));
    server.answers.set('/inside', answer(302, { location: '/secret' }));
    await expect(read('/a', { mayRedirectTo: url => url.host === server.host })).rejects.toThrow(
      `Reading ${server.url}/a is refused, because it redirects to ${other.url}/secret. Add ${other.host} to backend.reading.allow`,
    );
    await expect(read('/inside', { mayRedirectTo: url => url.pathname === '/inside' })).rejects.toMatchObject(
      { name: 'NotAllowedError', code: 'GR_URL_NOT_ALLOWED' },
    );
    expect(other.requests).toEqual([]);
    expect(server.requests.map(request => request.url)).toEqual(['/a', '/inside']);
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/', 'http://user:pass@example.com/'])(
    'does not follow one to %s',
    async location => {
      server.answers.set('/a', answer(302, { location }));
      await expect(read('/a')).rejects.toMatchObject({ code: 'GR_URL_NOT_ALLOWED' });
    },
  );

  it('does not go on without encryption', async () => {
    // In a process of its own, which can be told to accept the certificate.
    const program = join(__dirname, '../../scenarios/programs/redirectFromHttps.ts');
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    const { stdout } = await promisify(execFile)(process.execPath, [...sourceArguments, program], { env });
    expect(JSON.parse(stdout)).toEqual({
      same: 'encrypted',
      downgraded: expect.stringMatching(/^GR_URL_NOT_ALLOWED .* because it redirects to a http: URL of 127/),
      askedWithoutEncryption: [],
    });
  }, 30_000);

  it('takes nothing else for one, and needs an address', async () => {
    server.answers.set('/a', answer(200, { location: '/b' }, 'hello'));
    await expect(read('/a')).resolves.toBe('hello');
    server.answers.set('/a', answer(302));
    await expect(read('/a')).rejects.toThrow('the host answered with status 302');
    server.answers.set('/a', answer(302, { location: 'http://[' }));
    await expect(read('/a')).rejects.toThrow('it redirects to something that is not a URL');
    expect(server.requests).toHaveLength(3);
  });

  it('ends a circle', async () => {
    server.answers.set('/a', answer(302, { location: '/a' }));
    await expect(read('/a')).rejects.toThrow('it redirects more than 5 times');
    expect(server.requests).toHaveLength(6);
  });
});

describe('limits', () => {
  it('refuses by the announced size, without reading', async () => {
    server.answers.set('/a', (_request, response) => {
      response.writeHead(200, { 'content-length': '1001' }).flushHeaders();
    });
    await expect(read('/a')).rejects.toThrow(
      `The content of ${server.url}/a is larger than the limit of 1000 bytes. Raise backend.reading.maxFileSize`,
    );
  });

  it('refuses what turns out to be larger', async () => {
    server.answers.set('/a', (_request, response) => {
      response.write('x'.repeat(600));
      response.end('x'.repeat(600));
    });
    await expect(read('/a')).rejects.toMatchObject({ code: 'GR_URL_TOO_LARGE' });
  });

  it('gives up on a host that says nothing', async () => {
    server.answers.set('/a', () => {});
    await expect(read('/a', { limits: { ...limits, timeout: 50 } })).rejects.toThrow(
      `Reading ${server.url}/a failed: the host was silent for 50 ms. Try again, or raise backend.reading.timeout.`,
    );
  });

  it('gives whoever reads the content any time for it', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    try {
      server.answers.set('/a', 'hello');
      const { stream } = await fetched('/a');
      jest.advanceTimersByTime(10 * limits.timeout);
      expect(String(await readAll(stream))).toBe('hello');
    } finally {
      jest.useRealTimers();
    }
  });

  it('gives up on a host that stops in the middle', async () => {
    server.answers.set('/a', (_request, response) => void response.write('some'));
    await expect(read('/a', { limits: { ...limits, timeout: 50 } })).rejects.toMatchObject({
      code: 'GR_URL_READ',
    });
  });

  it('ends with the reason of the caller', async () => {
    const controller = new AbortController();
    server.answers.set('/a', (_request, response) => {
      response.write('some');
      controller.abort(new Error('not wanted any more'));
    });
    await expect(read('/a', { signal: controller.signal })).rejects.toThrow('not wanted any more');
  });
});

describe('refusals', () => {
  it.each([
    [404, 'NotFoundError', 'GR_URL_NOT_FOUND'],
    [410, 'NotFoundError', 'GR_URL_NOT_FOUND'],
    [401, 'NotAllowedError', 'GR_URL_NOT_ALLOWED'],
    [403, 'NotAllowedError', 'GR_URL_NOT_ALLOWED'],
    [500, 'UrlReadError', 'GR_URL_READ'],
    [429, 'UrlReadError', 'GR_URL_READ'],
  ])('makes status %d a %s', async (status, name, code) => {
    server.answers.set('/a?token=secret', answer(status));
    const error = await read('/a?token=secret').catch(reason => reason as Error);
    expect(error).toMatchObject({ name, code });
    expect((error as Error).message).not.toContain('secret');
  });

  it('tells when to try again', async () => {
    server.answers.set('/a', answer(503, { 'retry-after': '30' }));
    await expect(read('/a')).rejects.toThrow('status 503. The host asks to try again after 30.');
  });

  it('says what is wrong with the connection', async () => {
    const gone = await WebServer.start();
    const url = `${gone.url}/a`;
    await gone.stop();
    await expect(read(url)).rejects.toThrow(
      /failed: connect ECONNREFUSED .* Check that the host can be reached/,
    );
  });

  it('tells a connection that is cut in the middle', async () => {
    server.answers.set('/a', (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('some', () => response.destroy());
    });
    await expect(read('/a')).rejects.toMatchObject({ code: 'GR_URL_READ' });
  });
});

it('keeps a credential that no header may have out of its error', async () => {
  const headers = { authorization: 'Bearer first-half\nsecond-half' };
  const error = await read('/a', { headers }).catch((reason: Error) => reason);
  expect(error).toMatchObject({ code: 'GR_URL_READ' });
  expect(error).not.toHaveProperty('cause');
  expect(String(error)).toContain(
    'a token or etag for it has a line break or another sign that no header may have',
  );
  expect(String(error)).not.toContain('half');
});

it('closes the connection of a stream that ends before it is read', async () => {
  let closed!: (how: string) => void;
  const ending = new Promise<string>(resolve => (closed = resolve));
  server.answers.set('/long', (_request, response) => {
    response
      .on('close', () => closed('closed'))
      .writeHead(200)
      .write('some');
  });
  const { stream } = await fetched('/long');
  stream.destroy();
  expect(await ending).toBe('closed');
});
