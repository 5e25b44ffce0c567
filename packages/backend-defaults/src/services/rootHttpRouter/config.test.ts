// Every form of the server's configuration, and what is said about wrong ones.
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStartupRequestPauseTimeout } from '../httpRouter/config';
import {
  readDrainTimeout,
  readHttpServerOptions,
  readServerLimits,
  readShutdownDelay,
  readTrustProxy,
} from './config';
import { findViolations } from '../rootConfig/schemas/findViolations';
import { readCorsOptions } from './readCorsOptions';
import { readHelmetOptions } from './readHelmetOptions';

const backend = (data: JsonObject) => new ConfigReader({ backend: data });
const listen = (value: JsonValue) => readHttpServerOptions(new ConfigReader({ listen: value })).listen;

it.each<[JsonValue, { host: string; port: number }]>([
  [':80', { host: '', port: 80 }],
  ['80', { host: '', port: 80 }],
  [8080, { host: '', port: 8080 }],
  ['example.org:81', { host: 'example.org', port: 81 }],
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:82', { host: '::1', port: 82 }],
  ['*:83', { host: '', port: 83 }],
  [{ port: '84' }, { host: '', port: 84 }],
  [' :65535 ', { host: '', port: 65535 }],
  [{ host: 'h' }, { host: 'h', port: 7007 }],
])('reads backend.listen %j', (value, expected) => {
  expect(listen(value)).toEqual(expected);
});

it('listens on port 7007 without a configuration', () => {
  expect(readHttpServerOptions()).toEqual({ listen: { host: '', port: 7007 } });
});

it.each<JsonValue>([
  'localhost',
  ':',
  '::1:80',
  ':99999',
  -1,
  1.5,
  true,
  ['80'],
  { port: 'http' },
  { port: '80x' },
  { port: 'x80' },
  { port: 65536 },
])('refuses backend.listen %j', value => {
  expect(() => listen(value)).toThrow(expect.objectContaining({ code: 'GR_CONFIG_VALUE' }));
});

it('reads a certificate, and says what is missing of one', () => {
  const https = (value: JsonValue) => readHttpServerOptions(new ConfigReader({ https: value })).https;
  expect(https({ certificate: { cert: 'c', key: 'k' } })).toEqual({
    certificate: { type: 'pem', cert: 'c', key: 'k' },
  });
  expect(https(false)).toBeUndefined();
  expect(https(true)).toEqual({ certificate: { type: 'generated', hostname: 'localhost' } });
  // As a variable has them.
  expect(https('false')).toBeUndefined();
  expect(https('true')).toEqual(https(true));
  const ofHost = new ConfigReader({ https: true, baseUrl: 'https://dev.example.org:7007' });
  expect(readHttpServerOptions(ofHost).https).toEqual({
    certificate: { type: 'generated', hostname: 'dev.example.org' },
  });
  expect(() => https({ certificate: { cert: 'c' } })).toThrow('certificate.key');
  expect(() => https({})).toThrow(/needs certificate.cert and certificate.key.*set backend.https to true/);
});

it('reads limits as milliseconds or durations', () => {
  expect(readServerLimits(backend({}))).toMatchObject({
    keepAliveTimeout: 65_000,
    requestTimeout: 300_000,
  });
  expect(
    readServerLimits(
      backend({
        server: {
          keepAliveTimeout: { seconds: 5 },
          requestTimeout: 1500,
          timeout: '2s',
          headersTimeout: '1200',
          maxHeadersCount: 10,
        },
      }),
    ),
  ).toMatchObject({
    keepAliveTimeout: 5_000,
    requestTimeout: 1500,
    timeout: 2_000,
    headersTimeout: 1_200,
    maxHeadersCount: 10,
  });
  expect(() => readServerLimits(backend({ server: { timeout: 'soon' } }))).toThrow(
    'The configuration value backend.server.timeout is not a duration',
  );
  expect(() => readServerLimits(backend({ server: { timeout: -1 } }))).toThrow('must not be negative');
  // Above the 60 s of common load balancers, and the headers' time above that.
  expect(readServerLimits(backend({}))).toMatchObject({ keepAliveTimeout: 65_000, headersTimeout: 66_000 });
  expect(readServerLimits(backend({ server: { keepAliveTimeout: '2m' } })).headersTimeout).toBe(121_000);
  expect(readServerLimits(backend({ server: { headersTimeout: 5 } })).headersTimeout).toBe(5);
  // Node accepts no longer one than for the whole request; 0 is none.
  expect(readServerLimits(backend({ server: { requestTimeout: '9s' } })).headersTimeout).toBe(9_000);
  expect(readServerLimits(backend({ server: { requestTimeout: 0, headersTimeout: '1h' } }))).toMatchObject({
    headersTimeout: 3_600_000,
    requestTimeout: 0,
  });
  expect(() => readServerLimits(backend({ server: { headersTimeout: '10m' } }))).toThrow(
    'backend.server.headersTimeout is 600000 ms, and must not be longer than backend.server.requestTimeout',
  );
  expect(readShutdownDelay(backend({}))).toBe(0);
  expect(readDrainTimeout(backend({}))).toBe(10_000);
  expect(readStartupRequestPauseTimeout(backend({}))).toBe(5_000);
});

it('reads whom to trust', () => {
  const trust = (trustProxy: JsonValue) => readTrustProxy(backend({ trustProxy }));
  expect(readTrustProxy(backend({}))).toBe(false);
  expect([trust(true), trust(2), trust('loopback'), trust(['10.0.0.0/8'])]).toEqual([
    true,
    2,
    'loopback',
    ['10.0.0.0/8'],
  ]);
  // As a variable has them. To express, '1' would be an address, and nobody would be trusted.
  const texts = ['true', 'false', ' 1', '012', '10.0.0.1', 'loopback, 10.0.0.1'];
  expect(texts.map(trust)).toEqual([true, false, 1, 12, ...texts.slice(4)]);
  for (const wrong of [{}, ['10.0.0.0/8', 1]]) expect(() => trust(wrong)).toThrow('backend.trustProxy');
});

it('reads origins as they are, or as patterns that can not be tricked', () => {
  const origin = (value: JsonValue) => readCorsOptions(new ConfigReader({ cors: { origin: value } })).origin;
  expect(readCorsOptions()).toEqual({ origin: false });
  expect(origin('*')).toBe('*');
  const [plain] = origin('https://My-Host.a') as RegExp[];
  expect(
    ['https://my-host.a', 'https://my-hostxa', 'https://my-host.a.evil'].map(o => plain!.test(o)),
  ).toEqual([true, false, false]);
  const [pattern] = origin('https://*.a.org') as RegExp[];
  expect(
    ['https://x.a.org', 'https://x.aaorg', 'https://x.a.org.evil', 'https://evil/.a.org'].map(o =>
      pattern!.test(o),
    ),
  ).toEqual([true, false, false, false]);
  const [several] = origin('https://*.a.*.org') as RegExp[];
  expect(
    ['https://x.a.b.org', 'https://x.y.a.a.org', 'https://x.b.org', 'https://x.a.b.org.evil'].map(o =>
      several!.test(o),
    ),
  ).toEqual([true, true, false, false]);
  const matched = (value: JsonValue, from: string[]) =>
    from.filter(o => (origin(value) as RegExp[]).some(one => one.test(o)));
  const ports = ['http://a:1', 'http://a:2', 'http://a:3', 'http://a:{1,2}', 'http://a:', 'http://b.c:9'];
  expect(matched(['http://a:{1,2}', 'http://{a{:3,},b.*}:9'], ports)).toEqual(
    ports.filter(port => /:[12]$|:9$/.test(port)),
  );
  const [literal] = origin('https://a.org?') as RegExp[];
  expect(['https://a.org?', 'https://a.org1'].map(o => literal!.test(o))).toEqual([true, false]);
  expect(() => origin([1])).toThrow('backend.cors.origin');
});

it('takes braces apart before anything else, and refuses those that would allow nobody or too many', () => {
  const origin = (value: JsonValue) => readCorsOptions(new ConfigReader({ cors: { origin: value } })).origin;
  // As a pattern, a star alone would match the origin `null`.
  for (const any of ['{*,http://x}', ['{http://x,**}'], '**']) expect(origin(any)).toBe('*');
  const nested = origin('http://{a,b{c,d}}') as RegExp[];
  const hosts = ['a', 'b', 'bc', 'bd', 'c'].map(host => `http://${host}`);
  expect(hosts.filter(host => nested.some(one => one.test(host)))).toEqual([
    'http://a',
    'http://bc',
    'http://bd',
  ]);
  for (const literal of ['http://a:{1..3}', 'http://{a{b},c}', 'http://{a', 'http://a:{1}'])
    expect(() => origin(literal)).toThrow(`'${literal}', whose braces are not of the form {a,b}`);
  expect(origin(`http://${'{a,b}'.repeat(9)}`)).toHaveLength(512);
  expect(() => origin(`http://${'{a,b}'.repeat(20)}`)).toThrow('stands for more than 1000 origins');
});

it('allows no origin but those that are named, also where a variable for them is not set', () => {
  const cors = (value: JsonObject) => readCorsOptions(new ConfigReader({ cors: value }));
  expect(cors({ credentials: true })).toEqual({ origin: false, credentials: true });
  for (const origin of [true, false]) {
    expect(cors({ origin }).origin).toBe(origin);
    expect(cors({ origin: String(origin) }).origin).toBe(origin);
  }
  expect(cors({ origin: ['https://a', '*'] }).origin).toBe('*');
  expect(() => cors({ origin: ['https://a', 1] })).toThrow('backend.cors.origin');
});

it('reads lists of methods and headers, be they texts', () => {
  const lists = { methods: 'GET, HEAD ,POST', allowedHeaders: ['X-A', 'X-B'], exposedHeaders: 'ETag' };
  const more = { maxAge: 5, preflightContinue: true, optionsSuccessStatus: 200 };
  expect(readCorsOptions(new ConfigReader({ cors: { ...lists, ...more } }))).toEqual({
    origin: false,
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['X-A', 'X-B'],
    exposedHeaders: ['ETag'],
    ...more,
  });
});

it('reads the content security policy over the defaults', () => {
  const directives = (csp: JsonValue) =>
    (
      readHelmetOptions(new ConfigReader({ csp })).contentSecurityPolicy as {
        directives: Record<string, string[]>;
      }
    ).directives;
  expect(directives({ imgSrc: ["'self'"], 'object-src': false })).toMatchObject({ 'img-src': ["'self'"] });
  expect(directives({ 'object-src': false })).not.toHaveProperty('object-src');
  expect(directives({})).toMatchObject({ 'script-src': ["'self'", "'unsafe-eval'"] });
  expect(directives({})).not.toHaveProperty('form-action');
  expect(directives({ scriptSrc: ["'self'"] })).toMatchObject({ 'script-src': ["'self'"] });
  for (const sandbox of [true, 'true']) expect(directives({ sandbox })).toMatchObject({ sandbox: [] });
  for (const off of [false, 'false']) expect(directives({ 'img-src': off })).not.toHaveProperty('img-src');
  for (const csp of [false, 'false'])
    expect(readHelmetOptions(new ConfigReader({ csp })).contentSecurityPolicy).toBe(false);
  for (const wrong of ['x', [1], ["'self'", 1], {}])
    expect(() => directives({ 'img-src': wrong })).toThrow('backend.csp.img-src');
  for (const wrong of ['x', true, ["'self'"]]) expect(() => directives(wrong)).toThrow('backend.csp must be');
});

it('reads the referrer policy, of which browsers take the last one that they know', async () => {
  const policy = (value: JsonValue) => {
    const { referrerPolicy } = readHelmetOptions(new ConfigReader({ referrer: { policy: value } }));
    return (referrerPolicy as { policy: string[] }).policy;
  };
  expect(policy(['origin', 'strict-origin'])).toEqual(['origin', 'strict-origin']);
  // As variables have them.
  expect(policy('origin, strict-origin')).toEqual(['origin', 'strict-origin']);
  // Helmet's default then stays.
  for (const none of [undefined, { referrer: {} }, { csp: {} }])
    expect(readHelmetOptions(none && new ConfigReader(none))).not.toHaveProperty('referrerPolicy');
  const schema = JSON.parse(await readFile(join(__dirname, '../../../config.schema.json'), 'utf8'));
  const violations = async (value: JsonValue) => {
    const data = { backend: { referrer: { policy: value } } };
    return (await findViolations(data, [{ packageName: 'a', schema }])).violations;
  };
  for (const right of ['origin', ' no-referrer,\norigin ', ['origin', 'unsafe-url']])
    expect(await violations(right)).toEqual([]);
  for (const wrong of [['always'], 'origin always', 'originorigin', [], '', [1], {}]) {
    expect(() => policy(wrong)).toThrow('backend.referrer.policy');
    expect(await violations(wrong)).not.toEqual([]);
  }
});
