// Tests that a certificate is renewed under a running server, with real files and real handshakes.
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { selfSignedCertificate } from '../../../testing/selfSignedCertificate';
import { ConfigWatcher } from '../../rootConfig/ConfigWatcher';
import { loadConfig } from '../../rootConfig/loadConfig';
import { ReloadableConfig } from '../../rootConfig/ReloadableConfig';
import { RootHealth } from '../../rootHealth/RootHealth';
import { RootLifecycle } from '../../rootLifecycle/RootLifecycle';
import { RootHttpServer } from '../RootHttpServer';

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

  const served = async () => {
    const port = server.server.port();
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return raw.toString('base64');
  };
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
  expect(renewed.cert.replace(/-----[^-]+-----|\n/g, '')).toBe(await served());
  expect(logger.entries.at(-1)).toMatchObject({ level: 'info' });

  watcher.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});
