// Key sets are fetched no more often than needed, and never so rarely that a new key is missed.
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RemoteKeySet } from './RemoteKeySet';

const minute = 60_000;
let server: Server;
let url: string;
let fetches: number;
let keys: unknown[];
/** What the server does with a request; by default it answers with `keys`. */
let respond: (res: ServerResponse) => void;

const key = (kid: string) => ({ kid, kty: 'EC', crv: 'P-256', x: 'x', y: 'y' });

beforeEach(async () => {
  jest.useFakeTimers({
    now: 1_000_000_000_000,
    doNotFake: [
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'setInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  fetches = 0;
  keys = [key('a')];
  respond = res => void res.end(JSON.stringify({ keys }));
  server = createServer((_req, res) => {
    fetches++;
    respond(res);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  jest.useRealTimers();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const pass = (milliseconds: number) => jest.setSystemTime(Date.now() + milliseconds);

it('fetches once for many look-ups, and again after five minutes', async () => {
  const set = new RemoteKeySet({ url: () => url });
  const found = await Promise.all(Array.from({ length: 50 }, () => set.find('a')));
  expect(found.every(({ kid } = {}) => kid === 'a')).toBe(true);
  expect(fetches).toBe(1);
  pass(5 * minute - 1);
  await set.find('a');
  expect(fetches).toBe(1);
  pass(1);
  await set.find('a');
  expect(fetches).toBe(2);
});

it('fetches again where the clock was set back, and nobody knows how old its keys are', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  pass(-minute);
  await set.find('a');
  expect(fetches).toBe(2);
});

it('keeps what it has where the clock was set back and nobody answers, and goes on asking', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  respond = res => void res.writeHead(500).end();
  pass(-minute);
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  expect(fetches).toBe(2);
  pass(-minute / 2);
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  expect(fetches).toBe(3);
});

it('finds a key that appeared, at once', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  keys.push(key('b'));
  expect(await set.find('b')).toMatchObject({ kid: 'b' });
});

it('asks again where a fetch was under way before the key was seen', async () => {
  const set = new RemoteKeySet({ url: () => url });
  let answerOld!: () => void;
  const asked = new Promise<void>(resolve => {
    respond = res => {
      const old = JSON.stringify({ keys });
      answerOld = () => void res.end(old);
      resolve();
    };
  });
  const first = set.find('a');
  await asked;
  keys = [key('a'), key('b')];
  respond = res => void res.end(JSON.stringify({ keys }));
  const others = [set.find('b'), set.find('b')];
  answerOld();
  expect(await first).toMatchObject({ kid: 'a' });
  expect(await Promise.all(others)).toEqual([key('b'), key('b')]);
  expect(fetches).toBe(2);
});

it('limits fetches for keys that nobody has, and says that it can not tell', async () => {
  const set = new RemoteKeySet({ url: () => url });
  const outcomes: string[] = [];
  for (let i = 0; i < 30; i++) {
    outcomes.push(await set.find(`strange-${i}`).then(String, error => (error as Error).name));
  }
  expect(fetches).toBe(10);
  expect(outcomes).toEqual([...Array(10).fill('undefined'), ...Array(20).fill('KeysUnavailable')]);
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  pass(1_000);
  keys.push(key('b'));
  expect(await set.find('b')).toMatchObject({ kid: 'b' });
  expect(fetches).toBe(11);
});

it('uses what it has for an hour while the issuer is in trouble', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  respond = res => {
    res.statusCode = 500;
    res.end();
  };
  pass(59 * minute);
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  await expect(set.find('b')).rejects.toThrow(`the keys can't be fetched from ${url}: status 500`);
  pass(minute);
  await expect(set.find('a')).rejects.toThrow('status 500');
});

it('can not tell while nobody knows where the issuer is, and uses what it has', async () => {
  let known = true;
  const locate = () => (known ? url : Promise.reject(new Error('no such record')));
  const set = new RemoteKeySet({ url: locate });
  await set.find('a');
  known = false;
  pass(6 * minute);
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  await expect(set.find('b')).rejects.toMatchObject({
    name: 'KeysUnavailable',
    message: "the keys can't be fetched: no such record",
  });
});

it('does not notice an instance of the issuer that ends', async () => {
  const set = new RemoteKeySet({ url: () => url });
  respond = res => {
    respond = next => void next.end(JSON.stringify({ keys }));
    res.destroy();
  };
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  expect(fetches).toBe(2);
});

it('does not try for long where it has a key to fall back on', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  respond = res => void res.destroy();
  pass(6 * minute);
  expect(await set.find('a')).toMatchObject({ kid: 'a' });
  expect(fetches).toBe(2);
});

it('holds nobody up for long who has a key to fall back on while the issuer does not answer', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  respond = () => {};
  pass(6 * minute);
  const begin = performance.now();
  expect(await Promise.all([set.find('a'), set.find('a')])).toMatchObject([{ kid: 'a' }, { kid: 'a' }]);
  for (let i = 0; i < 5; i++) expect(await set.find('a')).toMatchObject({ kid: 'a' });
  expect(fetches).toBe(2);
  expect(performance.now() - begin).toBeLessThan(3_000);
  // Not for ever.
  respond = res => void res.end(JSON.stringify({ keys }));
  pass(10_000);
  await set.find('a');
  expect(fetches).toBe(3);
}, 60_000);

it('forgets keys that the issuer takes back', async () => {
  const set = new RemoteKeySet({ url: () => url });
  await set.find('a');
  respond = res => {
    res.statusCode = 404;
    res.end();
  };
  pass(6 * minute);
  expect(await set.find('a')).toBeUndefined();
});

it.each([
  ['no JSON', 'x', 'JSON'],
  ['no key set', '{}', 'the answer is not a key set'],
  ['a cut connection', undefined, 'got no answer in 6 attempts: other side closed'],
])('names the trouble: %s', async (_name, body, message) => {
  respond = res => void (body === undefined ? res.destroy() : res.end(body));
  await expect(new RemoteKeySet({ url: () => url }).find('a')).rejects.toThrow(message);
});

it('takes no shared secret and no key for encryption', async () => {
  keys = [{ kid: 's', kty: 'oct', k: 'x' }, { ...key('e'), use: 'enc' }, null, { kty: 'EC' }];
  const set = new RemoteKeySet({ url: () => url });
  expect(await set.find('s')).toBeUndefined();
  expect(await set.find('e')).toBeUndefined();
});

describe('for tokens that name no key', () => {
  /** The IDs of those offered; with those of another fetch, if all known ones are refused. */
  const offered = async (set: RemoteKeySet, algorithm: string, accepts = (_kid?: string) => false) => {
    const kids: Array<string | undefined> = [];
    for await (const { kid } of set.candidates(algorithm)) {
      kids.push(kid);
      if (accepts(kid)) break;
    }
    return kids;
  };

  it('offers the keys for an algorithm, and not those of other curves and for other operations', async () => {
    keys = [
      { ...key('384'), crv: 'P-384' },
      { ...key('derive'), key_ops: ['deriveBits'] },
      { kid: 'x', kty: 'OKP', crv: 'X25519', x: 'x' },
      { kid: 'ed', kty: 'OKP', crv: 'Ed25519', x: 'x' },
      { ...key('256'), key_ops: ['verify'] },
      key('also 256'),
    ];
    const set = new RemoteKeySet({ url: () => url });
    const found = await Promise.all(
      ['ES256', 'ES384', 'ES512', 'EdDSA'].map(algorithm => offered(set, algorithm)),
    );
    expect(found).toEqual([['256', 'also 256'], ['384'], [], ['ed']]);
  });

  it('fetches anew only if all are refused, and at most every ten seconds', async () => {
    const set = new RemoteKeySet({ url: () => url });
    await set.find('a');
    keys.push(key('b'));
    expect(await offered(set, 'ES256')).toEqual(['a']);
    pass(9_999);
    expect(await offered(set, 'ES256')).toEqual(['a']);
    pass(1);
    expect(await offered(set, 'ES256', kid => kid === 'a')).toEqual(['a']);
    expect(fetches).toBe(1);
    expect(await offered(set, 'ES256')).toEqual(['a', 'a', 'b']);
    for (let i = 0; i < 30; i++) expect(await offered(set, 'ES256')).toEqual(['a', 'b']);
    expect(fetches).toBe(2);
    // Nothing of that is missing where a key has a name.
    keys.push(key('c'));
    expect(await set.find('c')).toMatchObject({ kid: 'c' });
  });

  it('offers what another search has fetched meanwhile', async () => {
    const set = new RemoteKeySet({ url: () => url });
    const candidates = set.candidates('ES256');
    expect((await candidates.next()).value).toMatchObject({ kid: 'a' });
    keys.push(key('b'));
    await set.find('b');
    expect(((await candidates.next()).value as { kid: string }).kid).toBe('a');
    expect(await candidates.next()).toMatchObject({ value: { kid: 'b' } });
    expect(fetches).toBe(2);
  });

  it('can not tell while the issuer is in trouble and no key is known', async () => {
    respond = res => void res.writeHead(500).end();
    const set = new RemoteKeySet({ url: () => url });
    for (let i = 0; i < 2; i++) await expect(offered(set, 'ES256')).rejects.toThrow('status 500');
  });

  it.each([
    ['old', 6 * minute],
    ['of a clock that was set back since', -minute],
  ])('asks an issuer in trouble once where keys are %s, and its next key is found', async (_what, age) => {
    const set = new RemoteKeySet({ url: () => url });
    await set.find('a');
    respond = res => void res.writeHead(500).end();
    pass(age);
    // Whether the token is good can't be told, by the first one as little as by the others.
    for (let i = 0; i < 15; i++) await expect(offered(set, 'ES256')).rejects.toThrow('status 500');
    await Promise.allSettled(Array.from({ length: 15 }, () => offered(set, 'ES256')));
    expect(fetches).toBe(2);
    pass(-9_999);
    await expect(offered(set, 'ES256')).rejects.toThrow('status 500');
    expect(fetches).toBe(2);
    keys.push(key('b'));
    respond = res => void res.end(JSON.stringify({ keys }));
    expect(await set.find('b')).toMatchObject({ kid: 'b' });
    expect(await offered(set, 'ES256')).toEqual(['a', 'b']);
  });

  it('asks an issuer in trouble again after ten seconds', async () => {
    const set = new RemoteKeySet({ url: () => url });
    await set.find('a');
    respond = res => void res.writeHead(500).end();
    pass(6 * minute);
    await expect(offered(set, 'ES256')).rejects.toThrow('status 500');
    respond = res => void res.end(JSON.stringify({ keys }));
    pass(10_000);
    expect(await offered(set, 'ES256')).toEqual(['a']);
    expect(fetches).toBe(3);
  });

  it('does not try for long where keys are known', async () => {
    const set = new RemoteKeySet({ url: () => url });
    await set.find('a');
    respond = res => void res.destroy();
    pass(minute);
    await expect(offered(set, 'ES256')).rejects.toThrow('got no answer');
    expect(fetches).toBe(2);
  });

  it.each<[string, (set: RemoteKeySet) => Promise<unknown>]>([
    ['names a strange key', set => set.find('strange')],
    ['names none, with an algorithm that nobody has', set => offered(set, 'RS256')],
  ])(
    'offers an old key before a fetch has ended for a token that %s',
    async (_what, search) => {
      let isLocated = true;
      const locate = () => (isLocated ? url : new Promise<string>(resolve => (answer = resolve)));
      let answer!: (found: string) => void;
      const set = new RemoteKeySet({ url: locate });
      await set.find('a');
      isLocated = false;
      pass(6 * minute);
      const other = search(set);
      expect(await offered(set, 'ES256', kid => kid === 'a')).toEqual(['a']);
      expect(await set.find('a')).toMatchObject({ kid: 'a' });
      expect(fetches).toBe(1);
      answer(url);
      isLocated = true;
      await other;
    },
    60_000,
  );

  it('offers sixteen at most', async () => {
    keys = Array.from({ length: 17 }, (_, at) => key(`k${at}`));
    expect(await offered(new RemoteKeySet({ url: () => url }), 'ES256')).toHaveLength(16);
  });
});

it('remembers no more than a thousand keys of an issuer', async () => {
  keys = Array.from({ length: 1_001 }, (_, at) => key(`k${at}`));
  const set = new RemoteKeySet({ url: () => url });
  expect(await set.find('k999')).toMatchObject({ kid: 'k999' });
  expect(await set.find('k1000')).toBeUndefined();
});
