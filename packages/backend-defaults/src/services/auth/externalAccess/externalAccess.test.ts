// Callers from outside: fixed tokens, shared secrets, other issuers, and what they are restricted to.
import type { JsonObject } from '@backstage/types';
import { provide } from '@greenroom/testing';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { startAuthPlugin, type StartedAuthPlugin } from '../../../testing/startAuthPlugin';
import { WebServer } from '../../../testing/WebServer';
import { createExternalTokenHandler, externalTokenHandlersServiceRef } from './ExternalTokenHandler';

const stops: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()));
});

async function start(
  externalAccess: JsonObject[],
  more: { auth?: JsonObject; services?: any[] } = {},
): Promise<StartedAuthPlugin> {
  const backend = await startAuthPlugin('things', {
    config: { backend: { auth: { externalAccess, ...more.auth } } },
    services: more.services,
  });
  stops.push(backend.stop);
  return backend;
}

const secret = Buffer.from('a secret that two parties share').toString('base64');
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

const legacyToken = (claims: object = {}, key = secret) =>
  new SignJWT({ sub: 'backstage-server', exp: inAnHour(), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from(key, 'base64'));

describe('static', () => {
  const entry = (accessRestrictions?: JsonObject[]): JsonObject => ({
    type: 'static',
    options: { token: 'fixed-token', subject: 'ops' },
    ...(accessRestrictions && { accessRestrictions }),
  });

  it('knows the caller', async () => {
    const things = await start([entry()]);
    expect(await things.get('/x', 'fixed-token')).toMatchObject({
      status: 200,
      body: { type: 'service', subject: 'ops' },
    });
    expect((await things.get('/x', 'fixed-token2')).status).toBe(401);
    const [first, second] = [
      await things.auth.authenticate('fixed-token'),
      await things.auth.authenticate('fixed-token'),
    ];
    expect(first).toBe(second);
  });

  it('lets no caller in to a plugin that its restrictions leave out', async () => {
    const things = await start([entry([{ plugin: 'catalog' }])]);
    expect(await things.get('/x', 'fixed-token')).toMatchObject({
      status: 403,
      body: {
        error: {
          name: 'NotAllowedError',
          message: "The access of this token does not include plugin 'things'",
        },
      },
    });
    expect(things.logger.entries).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining("'ops' was refused: its access is restricted to catalog"),
      }),
    );
  });

  it('tells the plugin what the caller is restricted to', async () => {
    const restrictions = [
      { plugin: 'other' },
      {
        plugin: 'things',
        permission: ' a.read,  a.write, ',
        permissionAttribute: { action: ['read', 'update'] },
      },
    ];
    const things = await start([entry(restrictions)]);
    expect((await things.get('/x', 'fixed-token')).body).toEqual({
      type: 'service',
      subject: 'ops',
      accessRestrictions: {
        permissionNames: ['a.read', 'a.write'],
        permissionAttributes: { action: ['read', 'update'] },
      },
    });
  });
});

describe('legacy', () => {
  it('knows who has the secret, in both forms of the configuration', async () => {
    const otherSecret = Buffer.from('another secret').toString('base64');
    const things = await start([{ type: 'legacy', options: { secret, subject: 'old' } }], {
      auth: { keys: [{ secret: otherSecret }] },
    });
    expect((await things.get('/x', await legacyToken())).body).toEqual({ type: 'service', subject: 'old' });
    expect((await things.get('/x', await legacyToken({}, otherSecret))).body).toEqual({
      type: 'service',
      subject: 'external:backstage-plugin',
    });
    expect(things.refusals()).toEqual([]);
  });

  it('refuses what is signed with another secret, has ended or never ends', async () => {
    const things = await start([{ type: 'legacy', options: { secret, subject: 'old' } }]);
    const tokens = [
      await legacyToken({}, Buffer.from('wrong').toString('base64')),
      await legacyToken({ exp: 1_000_000_000 }),
      await legacyToken({ exp: undefined }),
      await legacyToken({ sub: 'somebody' }),
    ];
    for (const token of tokens) {
      expect((await things.get('/x', token)).status).toBe(401);
    }
    expect(things.refusals()).toEqual([
      expect.stringContaining('its signature does not fit its key'),
      expect.stringContaining('it expired at 2001-09-09T01:46:40.000Z'),
      expect.stringContaining("its claim 'exp' is wrong"),
      expect.stringContaining('fits no entry of backend.auth.externalAccess'),
    ]);
  });
});

describe('jwks', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = 'https://issuer.example';
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'r1', alg: 'RS256' }];
    server = createServer((_req, res) => void res.end(JSON.stringify({ keys }))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const sign = (claims: object = {}, header: object = {}) =>
    new SignJWT({ sub: 'robot', iss: issuer, aud: 'greenroom', exp: inAnHour(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'r1', ...header })
      .sign(privateKey);

  it('knows callers by what their issuer signs', async () => {
    const things = await start([
      { type: 'jwks', options: { url: 'http://127.0.0.1:1/keys', issuer: 'https://another.example' } },
      {
        type: 'jwks',
        options: { url, issuer, audience: 'greenroom, other', algorithm: 'RS256', subjectPrefix: 'ci' },
        accessRestrictions: [{ plugin: 'things', permission: ['a.read'] }],
      },
    ]);
    expect((await things.get('/x', await sign())).body).toEqual({
      type: 'service',
      subject: 'external:ci:robot',
      accessRestrictions: { permissionNames: ['a.read'] },
    });
    for (const token of [
      await sign({ iss: 'https://strange.example' }),
      await sign({ aud: 'elsewhere' }),
      await sign({ aud: undefined }),
      await sign({ exp: 1_000_000_000 }),
      await sign({}, { kid: 'r2' }),
      await sign({}, { alg: 'RS512' }),
    ]) {
      const { status, body } = await things.get('/x', token);
      expect({ status, message: body.error.message }).toEqual({
        status: 401,
        message: 'The token is not valid',
      });
    }
    expect(things.refusals()).toEqual([
      expect.stringContaining("(issuer 'https://strange.example')"),
      expect.stringContaining("its claim 'aud' is wrong"),
      expect.stringContaining("its claim 'aud' is wrong"),
      expect.stringContaining('it expired at'),
      expect.stringContaining('its key "r2" is unknown at the issuer of backend.auth.externalAccess[1]'),
      expect.stringContaining("its algorithm 'RS512' is not allowed"),
    ]);
  });

  it('takes no signature but that of the issuer, and no token without subject or end', async () => {
    const things = await start([{ type: 'jwks', options: { url } }]);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = { sub: 'robot', exp: inAnHour() };
    const withSecret = (alg: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, kid: 'r1' })
        .sign(Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
    for (const token of [
      `${encode({ alg: 'none', kid: 'r1' })}.${encode(claims)}.`,
      await withSecret('HS256'),
      await withSecret('HS512'),
      await sign({ sub: undefined }),
      await sign({ exp: undefined }),
    ]) {
      expect((await things.get('/x', token)).status).toBe(401);
    }
    expect(things.refusals()).toEqual([
      expect.stringContaining("its algorithm 'none' is not allowed"),
      expect.stringContaining('fits no entry of backend.auth.externalAccess'),
      expect.stringContaining("its algorithm 'HS512' is not allowed"),
      expect.stringContaining("its claim 'sub' is wrong"),
      expect.stringContaining("its claim 'exp' is wrong"),
    ]);
    // Whatever the issuer calls somebody, it is no plugin of this system.
    const { body } = await things.get('/x', await sign({ sub: 'plugin:catalog' }));
    expect(body.subject).toBe('external:plugin:catalog');
  });

  it('finds the key of a token that names none, also where the issuer has several for its algorithm', async () => {
    const web = await WebServer.start();
    stops.push(() => web.stop());
    const things = await start([{ type: 'jwks', options: { url: `${web.url}/keys` } }]);
    const offer = async (...offered: unknown[]) => {
      web.answers.set('/keys', JSON.stringify({ keys: offered }));
      // Keys are kept for five minutes.
      jest.setSystemTime(Date.now() + 6 * 60_000);
      return (await things.get('/x', await sign({}, { kid: undefined }))).status;
    };
    const jwk = publicKey.export({ format: 'jwk' });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'performance'],
    });
    try {
      expect(await offer(jwk)).toBe(200);
      expect(await offer(null, 5, 'x', other, { ...jwk, kid: 3 }, { ...jwk, alg: 'RS512' })).toBe(200);
      const { publicKey: next } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const broken = { ...jwk, kid: 'broken', n: '!' };
      expect(
        await offer(broken, { ...next.export({ format: 'jwk' }), kid: 'r2' }, { ...jwk, kid: 'r1' }),
      ).toBe(200);
      expect(await offer({ ...next.export({ format: 'jwk' }), kid: 'r2' })).toBe(401);
      expect(await offer({ ...jwk, use: 'enc' }, other)).toBe(401);
      expect(await offer()).toBe(401);
      expect((await things.get('/x', await sign({}, { kid: 0 }))).status).toBe(401);
    } finally {
      jest.useRealTimers();
    }
    expect(things.refusals()).toHaveLength(4);
    expect(things.refusals()[0]).toContain(
      'it names no key, and fits none of the issuer of backend.auth.externalAccess[0]',
    );
  });

  it('tells why it refuses a token that names no key, and is signed by the issuer', async () => {
    const things = await start([{ type: 'jwks', options: { url, audience: 'greenroom' } }]);
    for (const claims of [{ exp: 1_000_000_000 }, { aud: 'elsewhere' }]) {
      expect((await things.get('/x', await sign(claims, { kid: undefined }))).status).toBe(401);
    }
    expect(things.refusals()).toEqual([
      expect.stringContaining('it expired at'),
      expect.stringContaining("its claim 'aud' is wrong"),
    ]);
  });

  it.each<[string, object]>([
    ['name their key', {}],
    ['name none', { kid: undefined }],
  ])('fetches nothing at one issuer for tokens of another that %s', async (_, header) => {
    const web = await WebServer.start();
    stops.push(() => web.stop());
    const { publicKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    web.answers.set(
      '/keys',
      JSON.stringify({ keys: [{ ...other.export({ format: 'jwk' }), kid: 'other' }] }),
    );
    const things = await start([
      { type: 'jwks', options: { url: `${web.url}/keys` } },
      { type: 'jwks', options: { url } },
    ]);
    for (let index = 0; index < 12; index++) {
      expect((await things.get('/x', await sign({ jti: String(index) }, header))).status).toBe(200);
    }
    expect(web.requests).toHaveLength(1);
  });

  it('answers 503 where the issuer can not be reached', async () => {
    const things = await start([{ type: 'jwks', options: { url: 'http://127.0.0.1:1/keys' } }]);
    expect((await things.get('/x', await sign())).status).toBe(503);
  });
});

describe('restrictions', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'r1', alg: 'RS256' }];

  it.each<[string, (url: string) => JsonObject, () => string | Promise<string>]>([
    ['static', () => ({ token: 'fixed-token', subject: 'ops' }), () => 'fixed-token'],
    ['legacy', () => ({ secret, subject: 'ops' }), () => legacyToken()],
    [
      'jwks',
      url => ({ url, subjectPrefix: 'ci' }),
      () =>
        new SignJWT({ sub: 'ops', exp: inAnHour() })
          .setProtectedHeader({ alg: 'RS256', kid: 'r1' })
          .sign(privateKey),
    ],
  ])('hold for the type %s', async (type, optionsOf, makeToken) => {
    const issuer = await WebServer.start();
    stops.push(() => issuer.stop());
    issuer.answers.set('/keys', JSON.stringify({ keys }));
    const entry = { type, options: optionsOf(`${issuer.url}/keys`) };
    const token = await makeToken();

    const elsewhere = await start([{ ...entry, accessRestrictions: [{ plugin: 'catalog' }] }]);
    const { status, body } = await elsewhere.get('/x', token);
    expect([status, body.error.name]).toEqual([403, 'NotAllowedError']);
    // Not even where nobody has to show anything.
    expect((await elsewhere.get('/open', token)).status).toBe(403);

    const own = { plugin: 'things', permissionAttribute: { action: 'read' } };
    const here = await start([{ ...entry, accessRestrictions: [{ plugin: 'catalog' }, own] }]);
    expect((await here.get('/x', token)).body).toMatchObject({
      type: 'service',
      accessRestrictions: { permissionAttributes: { action: ['read'] } },
    });
    for (const unlimited of [entry, { ...entry, accessRestrictions: [{ plugin: 'things' }] }]) {
      const { body: principal } = await (await start([unlimited])).get('/x', token);
      expect(principal).toEqual({ type: 'service', subject: expect.stringMatching(/ops$/) });
    }
  });
});

it('takes further types from handlers, each for its own entries', async () => {
  const factoryOf = (ofType: string) =>
    provide(externalTokenHandlersServiceRef, () =>
      createExternalTokenHandler({
        type: ofType,
        initialize: ({ options }) => ({ word: options.getString('word') }),
        verifyToken: async (token, { word }) =>
          token === word ? { subject: `${ofType}:${word}` } : undefined,
      }),
    );
  const entries = [
    { type: 'magic', options: { word: 'abracadabra' } },
    { type: 'magic', options: { word: 'sesame' }, accessRestrictions: [{ plugin: 'other' }] },
  ];
  const things = await start(entries, { services: [factoryOf('other'), factoryOf('magic')] });
  expect((await things.get('/x', 'abracadabra')).body).toEqual({
    type: 'service',
    subject: 'magic:abracadabra',
  });
  expect((await things.get('/x', 'sesame')).status).toBe(403);
  expect((await things.get('/x', 'hocus')).status).toBe(401);
});

describe('a configuration that can not be used', () => {
  const options = { token: 't', subject: 's' };
  it.each<[string, JsonObject[]]>([
    [
      "externalAccess[0].type is 'magic', and must be one of: static, jwks, legacy",
      [{ type: 'magic', options: {} }],
    ],
    [
      'externalAccess[1].options.token is the token of an entry before it',
      [
        { type: 'static', options },
        { type: 'static', options },
      ],
    ],
    [
      'externalAccess[0].options.token must be text without blanks',
      [{ type: 'static', options: { ...options, token: 'a b' } }],
    ],
    [
      "externalAccess[0].options.subject is 'a b', and must have no blanks",
      [{ type: 'static', options: { ...options, subject: 'a b' } }],
    ],
    ...['ä', '!abcd', 'abcd!', 'a'].map((text): [string, JsonObject[]] => [
      'externalAccess[0].options.secret must be base64 text',
      [{ type: 'legacy', options: { secret: text, subject: 's' } }],
    ]),
    ...['keys', 'ftp://issuer.example/keys'].map((url): [string, JsonObject[]] => [
      `externalAccess[0].options.url is '${url}', and must be an http or https URL`,
      [{ type: 'jwks', options: { url } }],
    ]),
    [
      "externalAccess[0].options.algorithm has 'HS256', and may have",
      [{ type: 'jwks', options: { url: 'http://a', algorithm: 'HS256' } }],
    ],
    [
      "accessRestrictions[1].plugin is 'a', which an entry before it restricts already",
      [{ type: 'static', options, accessRestrictions: [{ plugin: 'a' }, { plugin: 'a' }] }],
    ],
    [
      "accessRestrictions[0].permissionAttribute.action has 'eat', and may have create, read, update, delete",
      [
        {
          type: 'static',
          options,
          accessRestrictions: [{ plugin: 'a', permissionAttribute: { action: 'eat' } }],
        },
      ],
    ],
    [
      'accessRestrictions[0].permissionAttribute.verb is unknown',
      [
        {
          type: 'static',
          options,
          accessRestrictions: [{ plugin: 'a', permissionAttribute: { verb: 'x' } }],
        },
      ],
    ],
    // As where the variable of the action is not set: without it, the caller would not be restricted at all.
    [
      "accessRestrictions[0].permissionAttribute must have 'action'",
      [{ type: 'static', options, accessRestrictions: [{ plugin: 'a', permissionAttribute: {} }] }],
    ],
    ...[[], ['a', 1], ['a', '']].map((permission): [string, JsonObject[]] => [
      'accessRestrictions[0].permission must be a list of words',
      [{ type: 'static', options, accessRestrictions: [{ plugin: 'a', permission }] }],
    ]),
  ])('is told: %s', async (message, entries) => {
    await expect(start(entries)).rejects.toThrow(
      `backend.auth.${message.startsWith('external') ? '' : 'externalAccess[0].'}${message}`,
    );
  });
});
