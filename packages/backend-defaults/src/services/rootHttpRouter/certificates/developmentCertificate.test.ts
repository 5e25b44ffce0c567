// The certificate for development: made once, kept on disk, replaced when it does not fit any more.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpServer } from '../createHttpServer';
import { developmentCertificate } from './developmentCertificate';

const folder = mkdtempSync(join(tmpdir(), 'greenroom-certificate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (file: string, hostname = 'localhost') =>
  developmentCertificate({ hostname, file: join(folder, file) });

const hasItsKey = ({ cert, key }: { cert: string; key: string }) =>
  new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));

it('is made once and kept for its owner alone', async () => {
  const made = await get('deep/er.pem', 'dev.example.org');
  expect(await get('deep/er.pem', 'dev.example.org')).toEqual(made);
  expect(statSync(join(folder, 'deep/er.pem')).mode & 0o777).toBe(0o600);
  const parsed = new X509Certificate(made.cert);
  expect(parsed.checkHost('dev.example.org')).toBe('dev.example.org');
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  const days = (Date.parse(parsed.validTo) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29);
  expect(days).toBeLessThan(31);
});

it.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nbroken'])(
  'replaces a file that holds %j',
  async text => {
    writeFileSync(join(folder, 'broken.pem'), text);
    const made = await get('broken.pem');
    expect(readFileSync(join(folder, 'broken.pem'), 'utf8')).toBe(made.key + made.cert);
    expect(hasItsKey(made)).toBe(true);
  },
);

it('replaces one whose key is gone, broken or another', async () => {
  const [{ cert, key }, other] = [await get('key.pem'), await get('other.pem')];
  for (const kept of [cert, `${key.slice(0, 60)}\n${cert}`, other.key + cert]) {
    writeFileSync(join(folder, 'key.pem'), kept);
    const made = await get('key.pem');
    expect(hasItsKey(made)).toBe(true);
    expect(made.cert).not.toBe(cert);
  }
});

it('is one for servers that clients can trust by itself, and covers an IPv6 address as a URL has it', async () => {
  const { cert } = await get('ipv6.pem', '[fd00::1]');
  const parsed = new X509Certificate(cert);
  for (const address of ['fd00::1', '::1', '127.0.0.1']) expect(parsed.checkIP(address)).toBe(address);
  expect(parsed.checkHost('localhost')).toBe('localhost');
  expect(parsed.subject).toBe('CN=localhost');
  expect(parsed.publicKey.asymmetricKeyType).toBe('ec');
  expect(parsed.ca).toBe(true);
  // Extended key usage: the authentication of servers alone.
  expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect((await get('ipv6.pem', '[fd00::1]')).cert).toBe(cert);
});

it('is the same for all backends of a process that start at the same time', async () => {
  const made = await Promise.all([get('shared.pem'), get('shared.pem'), get('shared.pem')]);
  const kept = await get('shared.pem');
  expect(made).toEqual([kept, kept, kept]);
  expect(readdirSync(folder).filter(name => name.startsWith('shared.pem'))).toEqual(['shared.pem']);
});

it('replaces one that is for other hosts, or ends within days', async () => {
  const other = await get('hosts.pem', 'one.example.org');
  const made = await get('hosts.pem', 'two.example.org');
  expect(made.cert).not.toBe(other.cert);
  jest.useFakeTimers({
    now: Date.now() + 26 * 86_400_000,
    doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
  });
  try {
    expect((await get('hosts.pem', 'two.example.org')).cert).not.toBe(made.cert);
  } finally {
    jest.useRealTimers();
  }
});

it('serves HTTPS that a client who trusts it accepts', async () => {
  const previous = process.cwd();
  process.chdir(folder);
  const server = await createHttpServer((_req, res) => void res.end('secret'), {
    listen: { host: '127.0.0.1', port: 0 },
    https: { certificate: { type: 'generated', hostname: 'localhost' } },
  }).finally(() => process.chdir(previous));
  await server.start();
  try {
    const ca = readFileSync(join(folder, 'node_modules/.cache/greenroom/dev-certificate.pem'), 'utf8');
    const body = await new Promise((resolve, reject) => {
      https
        .get(`https://127.0.0.1:${server.port()}/`, { ca, agent: false }, async response =>
          resolve((await response.toArray()).join('')),
        )
        .on('error', reject);
    });
    expect(body).toBe('secret');
  } finally {
    await server.stop();
  }
});

it('names the package to install', async () => {
  jest.resetModules();
  jest.doMock('selfsigned', () => {
    throw new Error("Cannot find module 'selfsigned'");
  });
  const { developmentCertificate: fresh } = await import('./developmentCertificate');
  await expect(fresh({ hostname: 'localhost', file: join(folder, 'missing.pem') })).rejects.toMatchObject({
    code: 'GR_CERTIFICATE_MAKER_MISSING',
    message: expect.stringContaining('npm install --save-dev selfsigned'),
  });
  jest.dontMock('selfsigned');
});
