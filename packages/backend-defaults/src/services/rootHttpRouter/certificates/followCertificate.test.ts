// Tests that a certificate is renewed under a running server, with real files and real handshakes.
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { selfSignedCertificate } from '../../../testing/selfSignedCertificate';
import { ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';
import { ConfigWatcher } from '../../rootConfig/ConfigWatcher';
import { LiveConfig } from '../../rootConfig/LiveConfig';
import { loadConfig } from '../../rootConfig/loadConfig';
import { ReloadableConfig } from '../../rootConfig/ReloadableConfig';
import { RootHealth } from '../../rootHealth/RootHealth';
import { RootLifecycle } from '../../rootLifecycle/RootLifecycle';
import { readHttpServerOptions } from '../config';
import { createHttpServer, type ExtendedHttpServer } from '../createHttpServer';
import { RootHttpServer } from '../RootHttpServer';
import { followCertificate } from './followCertificate';

/** The certificate that the next connection gets, in base64. */
async function servedBy(server: ExtendedHttpServer): Promise<string> {
  const socket = tls.connect({ host: '127.0.0.1', port: server.port(), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw.toString('base64');
}

const inBase64 = (pem: string) => pem.replace(/-----[^-]+-----|\n/g, '');

it('serves with a renewed certificate as soon as its key is there too', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-certificate-')));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const [old, renewed] = [selfSignedCertificate(), selfSignedCertificate()];
  write('server.crt', old.cert);
  write('server.key', old.key);
  const certificate = { cert: { $file: 'server.crt' }, key: { $file: 'server.key' } };
  const backend = { listen: { host: '127.0.0.1', port: 0 }, https: { certificate } };
  write('app-config.yaml', JSON.stringify({ backend }));
  const origin = { argv: [], cwd: folder, env: {} };
  const config = new ReloadableConfig(await loadConfig(origin), origin);
  let onReload = () => {};
  const watcher = new ConfigWatcher(config, { debounceMs: 20, onReload: () => onReload(), onError() {} });
  const logger = new MemoryLogger();
  const lifecycle = new RootLifecycle();
  const server = await RootHttpServer.create({
    config,
    logger,
    lifecycle,
    health: new RootHealth(() => lifecycle.phase),
    pluginStatus: { get: () => undefined, settled: async () => {} },
    pauseTimeout: 5_000,
  });
  await server.start();

  const served = () => servedBy(server.server);
  const replace = async (name: string, text: string) => {
    const reloaded = new Promise<void>(resolve => (onReload = resolve));
    write(name, text);
    await reloaded;
  };
  const first = await served();
  await replace('server.crt', renewed.cert);
  expect(await served()).toBe(first);
  expect(logger.entries.map(({ message }) => message)).toEqual([
    expect.stringContaining('The certificate of backend.https stays as it was'),
  ]);
  await replace('server.key', renewed.key);
  expect(await served()).toBe(inBase64(renewed.cert));
  expect(logger.entries.at(-1)).toMatchObject({
    level: 'info',
    message: 'New connections get the renewed certificate of backend.https',
  });

  await server.stop();
  const told = logger.entries.length;
  await replace('server.crt', old.cert);
  expect(logger.entries).toHaveLength(told);
  watcher.close();
  rmSync(folder, { recursive: true });
});

describe('a change of the configuration', () => {
  const [first, second] = [selfSignedCertificate(), selfSignedCertificate()];
  let logger: MemoryLogger;
  let config: ChangingConfig;
  let server: ExtendedHttpServer;
  let unfollow: () => void;

  class ChangingConfig extends LiveConfig {
    protected reader = new ConfigReader({});

    change(https?: JsonValue): void {
      const listen = { host: '127.0.0.1', port: 0 };
      this.reader = new ConfigReader({ backend: { listen, ...(https !== undefined && { https }) } });
      expect(this.notify()).toEqual([]);
    }
  }

  beforeEach(async () => {
    logger = new MemoryLogger();
    config = new ChangingConfig();
    config.change({ certificate: first });
    server = await createHttpServer(() => {}, readHttpServerOptions(config.getConfig('backend')));
    unfollow = await followCertificate(server, { config, logger });
    await server.start();
  });
  afterEach(async () => {
    unfollow();
    await server.stop();
  });

  it('of something else goes unmentioned', () => {
    config.change({ certificate: { ...first } });
    expect(logger.entries).toEqual([]);
  });

  it.each<[string, JsonValue | undefined]>([
    ['takes the certificate away', undefined],
    ['asks for a generated one', true],
  ])('that %s waits for a restart', async (_, https) => {
    config.change(https);
    expect(await servedBy(server)).toBe(inBase64(first.cert));
    expect(logger.entries).toEqual([]);
    config.change({ certificate: second });
    expect(await servedBy(server)).toBe(inBase64(second.cert));
  });

  it('that is wrong keeps the certificate, says why, and is made good by the next', async () => {
    config.change({ certificate: { cert: second.cert } });
    config.change({ certificate: { cert: second.cert, key: 'hunter2' } });
    config.change({ certificate: { cert: first.cert, key: second.key } });
    expect(await servedBy(server)).toBe(inBase64(first.cert));
    expect(logger.entries).toMatchObject([
      { level: 'warn', message: expect.stringContaining('needs certificate.cert and certificate.key') },
      { level: 'warn', message: expect.stringContaining('stays as it was') },
      { level: 'warn', message: expect.stringContaining('stays as it was') },
    ]);
    expect(JSON.stringify(logger.entries)).not.toContain('hunter2');
    config.change({ certificate: second });
    expect(await servedBy(server)).toBe(inBase64(second.cert));
    config.change({ certificate: first });
    expect(await servedBy(server)).toBe(inBase64(first.cert));
  });

  it('is without effect once it is no longer followed', async () => {
    unfollow();
    config.change({ certificate: second });
    expect(await servedBy(server)).toBe(inBase64(first.cert));
    expect(logger.entries).toEqual([]);
  });

  it('never comes from a configuration that can not change', async () => {
    const fixed = new ConfigReader({ backend: { https: { certificate: first } } });
    (await followCertificate(server, { config: fixed, logger }))();
    expect(await servedBy(server)).toBe(inBase64(first.cert));
  });
});
