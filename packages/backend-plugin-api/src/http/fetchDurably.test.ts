// Requests to servers on loopback that cut connections, refuse them, or ask for patience.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fetchDurably } from './fetchDurably';

/** What the server does with a request that it has received whole. */
type Reply = (socket: Socket) => void;

const answer =
  (status: string, body = '', headers: string[] = []): Reply =>
  socket =>
    void socket.end(
      [
        `HTTP/1.1 ${status}`,
        `content-length: ${body.length}`,
        'connection: close',
        ...headers,
        '',
        body,
      ].join('\r\n'),
    );
const begin =
  (text: string): Reply =>
  socket =>
    void socket.end(`HTTP/1.1 200 OK\r\n${text}`);
const ok = answer('200 OK', 'here');

const cuts: Array<[string, Reply]> = [
  ['before the answer', socket => void socket.end()],
  ['by a reset', socket => void socket.resetAndDestroy()],
  ['in the headers', begin('content-le')],
  ['in a body of known length', begin('content-length: 9\r\n\r\nhe')],
  [
    'in a body of known length that was to be the last',
    begin('connection: close\r\ncontent-length: 9\r\n\r\nhe'),
  ],
  [
    'in JSON that was to be the last',
    begin(
      'connection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{"a":[\r\n',
    ),
  ],
  [
    'before JSON that was to be the last',
    begin('connection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'),
  ],
  ['in a body of chunks', begin('transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n')],
];

let server: Server;
let url: string;
/** One a request; the last one holds for all that follow. */
let replies: Reply[];
let received: Array<{ text: string; at: number }>;

beforeEach(async () => {
  received = [];
  server = createServer(socket => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', piece => {
      text += piece.toString();
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < text.indexOf('\r\n\r\n') + 4 + length || text.indexOf('\r\n\r\n') < 0) return;
      received.push({ text, at: performance.now() });
      (replies.length > 1 ? replies.shift()! : replies[0]!)(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/path?secret=x`;
});

afterEach(async () => {
  server.close();
  await once(server, 'close');
});

describe.each(cuts)('a connection that is cut %s', (_, cut) => {
  it('is hidden from readers by a retry', async () => {
    replies = [cut, ok];
    expect(await (await fetchDurably(url)).text()).toBe('here');
    expect(received).toHaveLength(2);
  });

  it('is reported to writers, without a retry', async () => {
    replies = [cut, ok];
    const write = fetchDurably(url, { method: 'POST', body: '{}' });
    await expect(write).rejects.toMatchObject({
      code: 'GR_REQUEST_UNANSWERED',
      message: expect.stringMatching(
        /^POST http:\/\/127\.0\.0\.1:\d+\/some\/path got no answer: .+\. It may have been carried out nevertheless: look/,
      ),
    });
    expect(received).toHaveLength(1);
  });
});

it('sends the same request again, whatever its method, if it is repeatable', async () => {
  replies = [cuts[1]![1], answer('502 Bad Gateway'), ok];
  const request = { method: 'POST', repeatable: true, body: '{"ids":[1]}', headers: { 'x-of': 'me' } };
  expect(await (await fetchDurably(url, request)).text()).toBe('here');
  const [first, ...others] = received.map(({ text }) => text);
  expect(first).toMatch(
    /^POST \/some\/path\?secret=x HTTP\/1\.1\r\n[^]*x-of: me\r\n[^]*\r\n\r\n\{"ids":\[1\]\}$/,
  );
  expect(others).toEqual([first, first]);
});

it('returns JSON of unknown length once it is complete, and no body if there should be none', async () => {
  const json = 'content-type: application/json\r\nconnection: close\r\n\r\n';
  replies = [begin(`${json}{"a":[1]}`)];
  expect(await (await fetchDurably(url)).json()).toEqual({ a: [1] });
  replies = [begin(json)];
  expect((await fetchDurably(url, { method: 'HEAD' })).status).toBe(200);
  for (const status of ['304 Not Modified', '204 No Content']) {
    replies = [socket => void socket.end(`HTTP/1.1 ${status}\r\n${json}`)];
    expect((await fetchDurably(url)).status).toBe(Number.parseInt(status, 10));
  }
  expect(received).toHaveLength(4);
});

it.each([
  ['of known length', answer('200 OK', '{"a":[', ['content-type: application/json']), '{"a":['],
  ['that never was any', begin('content-type: application/json\r\nconnection: close\r\n\r\n<p>'), '<p>'],
  ['sent as text', begin('content-type: text/plain\r\nconnection: close\r\n\r\n{"a":['), '{"a":['],
  ['sent without a type', begin('connection: close\r\n\r\n{"a":['), '{"a":['],
])('leaves JSON that is wrong to its reader: %s', async (_, reply, text) => {
  replies = [reply];
  expect(await (await fetchDurably(url)).text()).toBe(text);
  expect(received).toHaveLength(1);
});

it('sends a HEAD again, which changes as little as a GET', async () => {
  replies = [cuts[0]![1], answer('200 OK')];
  expect((await fetchDurably(url, { method: 'HEAD' })).status).toBe(200);
  expect(received.map(({ text }) => text.split(' ')[0])).toEqual(['HEAD', 'HEAD']);
});

it('takes a Request as fetch does', async () => {
  replies = [cuts[0]![1], ok];
  const request = new Request(url, { method: 'PUT', body: 'all of it' });
  expect((await fetchDurably(request, { repeatable: true })).status).toBe(200);
  expect(received.map(({ text }) => text.split('\r\n').at(-1))).toEqual(['all of it', 'all of it']);
});

it.each(['502 Bad Gateway', '503 Service Unavailable', '504 Gateway Timeout'])(
  'reads past a %s',
  async status => {
    replies = [answer(status), ok];
    expect((await fetchDurably(url)).status).toBe(200);
  },
);

it.each([
  '204 No Content',
  '304 Not Modified',
  '404 Not Found',
  '429 Too Many Requests',
  '500 Internal Server Error',
])('returns a %s as the answer', async status => {
  replies = [answer(status, '', ['x-it: is']), ok];
  const response = await fetchDurably(url);
  expect(`${response.status} ${response.statusText}`).toBe(status);
  expect(response.headers.get('x-it')).toBe('is');
  expect(received).toHaveLength(1);
});

it('says that a write may have been carried out if a proxy answers for it, but not if it was refused', async () => {
  const write = () => fetchDurably(url, { method: 'DELETE' });
  replies = [answer('502 Bad Gateway')];
  await expect(write()).rejects.toThrow(
    /got no answer: a proxy answered in its place, with 502 Bad Gateway\. It may have been carried out/,
  );
  replies = [answer('504 ')];
  await expect(write()).rejects.toThrow('a proxy answered in its place, with 504. It may have been');
  replies = [answer('503 Service Unavailable', 'stopping')];
  expect(await (await write()).text()).toBe('stopping');
  expect(received).toHaveLength(3);
});

it('gives up after some attempts, with the last answer, pausing longer and longer', async () => {
  replies = [answer('503 Service Unavailable', 'down')];
  expect(await (await fetchDurably(url)).text()).toBe('down');
  expect(received).toHaveLength(6);
  const pauses = received.slice(1).map(({ at }, index) => at - received[index]!.at);
  for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThan(49 * 2 ** index);
});

it('reports the address without its query, the number of attempts and the reason', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  const of = (init: object) => fetchDurably(`http://127.0.0.1:${port}/x?secret=y`, init);
  const end = `connect ECONNREFUSED 127.0.0.1:${port}. Check that a backend runs there, and that it can be reached from here.`;
  await expect(of({ attempts: 2 })).rejects.toThrow(
    `GET http://127.0.0.1:${port}/x got no answer in 2 attempts: ${end}`,
  );
  await expect(of({ method: 'POST' })).rejects.toThrow(
    `POST http://127.0.0.1:${port}/x got no answer: ${end}`,
  );
});

it('says that it was the JSON that was cut off', async () => {
  replies = [cuts[5]![1]];
  await expect(fetchDurably(url, { method: 'POST' })).rejects.toThrow('got no answer: its JSON was cut off.');
});

const failWith = (cause?: Error) =>
  jest.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed', { cause }));
afterEach(() => void jest.restoreAllMocks());

describe.each([
  {
    what: 'there was no connection',
    codes: [
      'ECONNREFUSED',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ENOTFOUND',
      'EAI_AGAIN',
      'UND_ERR_CONNECT_TIMEOUT',
    ],
    mayBeDone: false,
  },
  {
    what: 'the connection was cut off',
    codes: [
      ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET'],
      ...['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'HPE_INVALID_EOF_STATE'],
    ],
    mayBeDone: true,
  },
])('if $what', ({ codes, mayBeDone }) => {
  it.each(codes)('reads are sent again and writes are not, by %s', async code => {
    replies = [ok];
    const cause = Object.assign(new Error('no'), { code });
    failWith(cause);
    expect(await (await fetchDurably(url)).text()).toBe('here');
    failWith(cause);
    await expect(fetchDurably(url, { method: 'POST' })).rejects.toMatchObject({ mayBeDone });
    expect(received).toHaveLength(1);
  });
});

describe('a failure that has no code', () => {
  const notHttp = (message: string) => Object.assign(new Error(message), { name: 'HTTPParserError' });

  it('is hidden from readers by a retry if the answer ended early', async () => {
    replies = [ok];
    const sent = failWith(notHttp('Invalid EOF state'));
    expect(await (await fetchDurably(url)).text()).toBe('here');
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it.each<[string, Error | undefined, string, boolean]>([
    ['the answer is not HTTP', notHttp('Expected HTTP/'), 'Expected HTTP/', true],
    ['the answer is not HTTP, for whatever reason', notHttp(''), 'HTTPParserError', true],
    ['nothing was sent', new Error('bad port'), 'bad port', false],
    ['nobody says why', undefined, 'fetch failed', false],
  ])('is reported, without a retry, if %s', async (_, cause, reason, mayBeDone) => {
    const sent = failWith(cause);
    await expect(fetchDurably(url)).rejects.toMatchObject({
      message: expect.stringContaining(`got no answer: ${reason}. Check that a backend runs there`),
      mayBeDone: false,
    });
    failWith(cause);
    await expect(fetchDurably(url, { method: 'POST' })).rejects.toMatchObject({ mayBeDone });
    expect(sent).toHaveBeenCalledTimes(2);
  });
});

it('never says of what can safely be repeated that it must not be, even if each attempt was cut off', async () => {
  replies = [cuts[0]![1]];
  const requests = [{ attempts: 2 }, { attempts: 2, method: 'POST', repeatable: true }];
  for (const request of requests) {
    await expect(fetchDurably(url, request)).rejects.toMatchObject({
      message: expect.stringMatching(/ got no answer in 2 attempts: .+\. Check that a backend runs there/),
      mayBeDone: false,
    });
  }
  expect(received).toHaveLength(4);
});

it('says that a write may have been carried out by a server that does not speak HTTP', async () => {
  replies = [socket => socket.end('SSH-2.0-OpenSSH\r\n')];
  await expect(fetchDurably(url, { method: 'POST', body: '{}' })).rejects.toThrow(
    'It may have been carried out nevertheless',
  );
  expect(received).toHaveLength(1);
});

it("does not retry requests that can't succeed", async () => {
  await expect(fetchDurably('http://127.0.0.1:1/')).rejects.toThrow(
    'GET http://127.0.0.1:1/ got no answer: bad port',
  );
  await expect(fetchDurably('nonsense')).rejects.toThrow('Failed to parse URL');
});

it.each([
  ['seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 2_000).toUTCString()],
])('pauses for as long as it is asked to: %s', async (_, retryAfter) => {
  replies = [socket => answer('503 Service Unavailable', '', [`retry-after: ${retryAfter()}`])(socket), ok];
  expect((await fetchDurably(url)).status).toBe(200);
  // A date has no fractions of seconds.
  expect(received[1]!.at - received[0]!.at).toBeGreaterThan(950);
});

it('does not wait for minutes', async () => {
  replies = [answer('503 Service Unavailable', '', ['retry-after: 60']), ok];
  expect((await fetchDurably(url)).status).toBe(503);
  expect(received).toHaveLength(1);
});

it('ends with its signal, at an answer as in a pause', async () => {
  const abort = new AbortController();
  let abortedAt = Infinity;
  replies = [
    socket => {
      answer('503 Service Unavailable', '', ['retry-after: 5'])(socket);
      setTimeout(() => {
        abortedAt = performance.now();
        abort.abort(new Error('enough'));
      }, 100);
    },
  ];
  await expect(fetchDurably(url, { signal: abort.signal })).rejects.toThrow('enough');
  expect(performance.now() - abortedAt).toBeLessThan(4_000);
  const other = new AbortController();
  replies = [() => other.abort(new Error('too slow'))];
  await expect(fetchDurably(url, { signal: other.signal })).rejects.toThrow('too slow');
  await expect(fetchDurably(url, { signal: abort.signal })).rejects.toThrow('enough');
  expect(received).toHaveLength(2);
});

it.each([
  ['an answer that does not come', () => {}],
  [
    'the rest of an answer',
    (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhe'),
  ],
])(
  'waits no longer for %s than its signal allows, even after a garbage collection',
  async (_title, reply) => {
    replies = [reply];
    setFlagsFromString('--expose-gc');
    const clearing = setInterval(runInNewContext('gc') as () => void, 10);
    const asked = fetchDurably(url, {
      method: 'POST',
      body: 'x',
      repeatable: true,
      signal: AbortSignal.timeout(300),
    });
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
    clearInterval(clearing);
  },
);

describe.each([
  ['says nothing', () => {}],
  [
    'stops in its answer',
    (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhe'),
  ],
])('a server that %s', (_title, reply) => {
  it.each([
    ['alone', undefined],
    ['beside a signal', new AbortController().signal],
  ])('is waited for until the time is up, %s', async (_name, signal) => {
    replies = [reply];
    const read = fetchDurably(url, { timeoutMs: 200, signal });
    await expect(read).rejects.toMatchObject({
      code: 'GR_REQUEST_UNANSWERED',
      mayBeDone: false,
      message: expect.stringMatching(/^GET .+ got no answer: it took longer than 200 ms\./),
    });
    const write = fetchDurably(url, { method: 'POST', body: '{}', timeoutMs: 200, signal });
    await expect(write).rejects.toMatchObject({ code: 'GR_REQUEST_UNANSWERED', mayBeDone: true });
    expect(received).toHaveLength(2);
  });
});

it('counts all attempts and pauses towards the time, and tells a signal apart from it', async () => {
  replies = [answer('503 Service Unavailable', '', ['retry-after: 1'])];
  await expect(fetchDurably(url, { timeoutMs: 1_500 })).rejects.toThrow(
    'got no answer in 2 attempts: it took longer than 1500 ms',
  );
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(fetchDurably(url, { timeoutMs: 1_500, signal })).rejects.toThrow('enough');
});

it.each([Infinity, 30 * 24 * 3_600_000])('has no limit with one of %d ms', async timeoutMs => {
  replies = [answer('200 OK', 'late')];
  const response = await fetchDurably(url, { timeoutMs });
  expect(await response.text()).toBe('late');
});

it.each([-1, 0, 0.5])('gives up at once with %d ms left', async timeoutMs => {
  replies = [() => {}];
  await expect(fetchDurably(url, { timeoutMs })).rejects.toMatchObject({ code: 'GR_REQUEST_UNANSWERED' });
});
