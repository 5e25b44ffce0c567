// Waiting for plugins of other backends, with real servers that come up late, or not at all.
import type { JsonObject } from '@backstage/types';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { composeBackend, startBackend } from '../../testing/startBackend';
import { SrvLookupError } from '../discovery/discoveryErrors';
import { ReloadableConfig } from '../rootConfig/ReloadableConfig';
import { NeededPlugins } from './NeededPlugins';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach(server => server.close()));

/** A server whose readiness is a status that can change, or what it answers to `path` alone; gives its address. */
async function serve(state: { status: number }, path = '/'): Promise<string> {
  const server = createServer((req, res) =>
    res.writeHead(req.url!.startsWith(path) ? state.status : 404).end(),
  );
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function waiting(urls: Record<string, string>) {
  const logger = new MemoryLogger();
  const discovery = { getBaseUrl: async (id: string) => `${urls[id]}/api/${id}` };
  return { logger, needed: new NeededPlugins({ discovery, logger, intervalMs: 10, patienceMs: 20 }) };
}

it('is over at once where all are ready', async () => {
  const { logger, needed } = waiting({ catalog: await serve({ status: 200 }) });
  await needed.wait(['catalog'], 10_000);
  expect(logger.entries).toEqual([]);
});

it('waits for one that comes up, and tells so', async () => {
  const state = { status: 503 };
  const { logger, needed } = waiting({ catalog: await serve(state) });
  const told = jest.spyOn(logger, 'warn').mockImplementationOnce(() => {
    state.status = 200;
  });

  await needed.wait(['catalog'], 60_000);

  expect(told.mock.calls[0]![0]).toMatch(
    /^Waiting for plugin 'catalog' at http.*readiness, for 60 s at most: it answers 503$/,
  );
  expect(logger.entries.at(-1)!.message).toBe("Plugin 'catalog' is ready");
});

it('gives up in the end, and names all that are missing', async () => {
  const { needed } = waiting({ catalog: 'http://127.0.0.1:1', search: await serve({ status: 503 }) });
  await expect(needed.wait(['catalog', 'search'], 60)).rejects.toMatchObject({
    code: 'GR_NEEDED_PLUGINS_MISSING',
    message: expect.stringMatching(
      /plugin 'catalog' at http.*\(.+\), plugin 'search' at http.*\(it answers 503\)/,
    ),
  });
});

it('tells why a plugin can not be located, with all that discovery says', async () => {
  const record = { record: '_catalog._tcp.example', pluginId: 'catalog', key: 'discovery.endpoints[0]' };
  const failure = new SrvLookupError({ ...record, cause: new Error('querySrv ENOTFOUND') });
  const discovery = { getBaseUrl: () => Promise.reject(failure) };
  const needed = new NeededPlugins({ discovery, logger: new MemoryLogger(), intervalMs: 10 });
  await expect(needed.wait(['catalog'], 20)).rejects.toThrow(
    "by the SRV record '_catalog._tcp.example' of discovery.endpoints[0]: querySrv ENOTFOUND",
  );
});

it('asks the plugin itself behind a load balancer that knows only the paths of plugins', async () => {
  const state = { status: 502 };
  const url = await serve(state, '/api/catalog/');
  const { logger, needed } = waiting({ catalog: url });
  const told = jest.spyOn(logger, 'warn').mockImplementationOnce(() => {
    state.status = 200;
  });
  await needed.wait(['catalog'], 60_000);
  expect(told.mock.calls[0]![0]).toContain(`at ${url}/api/catalog/.backstage/auth/v1/jwks.json, for`);
});

it('asks below the path of a proxy, and takes no page of a frontend for an answer', async () => {
  const asked = new Set<string>();
  let keys = { status: 200, type: 'text/html' };
  const server = createServer((req, res) => {
    asked.add(req.url!);
    const isKeys = req.url!.startsWith('/prefix/api/catalog/');
    const { status, type } = isKeys ? keys : { status: 200, type: 'text/html; charset=utf-8' };
    res.writeHead(status, { 'content-type': type }).end();
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix`;
  const { logger, needed } = waiting({ catalog: url });
  const told = jest.spyOn(logger, 'warn').mockImplementationOnce(() => {
    keys = { status: 200, type: 'application/json' };
  });
  await needed.wait(['catalog'], 60_000);
  expect(told.mock.calls[0]![0]).toMatch(/jwks\.json, for 60 s at most: it answers with a page$/);
  expect([...asked].sort()).toEqual([
    '/prefix/.backstage/health/v1/readiness',
    '/prefix/api/catalog/.backstage/auth/v1/jwks.json',
  ]);
});

it('asks twice a second where the times are left undefined', async () => {
  const asked = jest.fn(async () => 'http://127.0.0.1:1/api/catalog');
  const options = { intervalMs: undefined, patienceMs: undefined };
  const needed = new NeededPlugins({
    discovery: { getBaseUrl: asked },
    logger: new MemoryLogger(),
    ...options,
  });
  const begin = performance.now();
  await expect(needed.wait(['catalog'], 200)).rejects.toMatchObject({ code: 'GR_NEEDED_PLUGINS_MISSING' });
  // A timer may end a moment early, and a busy machine take longer.
  const most = 3 + (performance.now() - begin) / 500;
  expect(asked.mock.calls.length).toBeGreaterThanOrEqual(2);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(most);
});

it('ends when it is aborted', async () => {
  const stop = new AbortController();
  const { needed } = waiting({ catalog: 'http://127.0.0.1:1' });
  const wait = needed.wait(['catalog'], 600_000, stop.signal);
  stop.abort();
  await expect(wait).resolves.toBeUndefined();
});

describe('a backend', () => {
  const needing = (target: string) => ({
    backend: { startup: { needs: ['catalog'], needsTimeout: 200 } },
    discovery: { endpoints: [{ target: `${target}/api/catalog`, plugins: ['catalog'] }] },
  });

  it('starts where what it needs is ready', async () => {
    const backend = await startBackend({ config: needing(await serve({ status: 200 })) });
    const { status } = await fetch(`${backend.url}/.backstage/health/v1/readiness`);
    await backend.stop();
    expect(status).toBe(200);
  });

  it('warns of endpoints once, although they are read for the wait too', async () => {
    const url = await serve({ status: 200 });
    const { backend: startup, discovery } = needing(url);
    const endpoints = [{ target: 'http://before', plugins: ['catalog'] }, ...discovery.endpoints];
    const plugin = createPlugin('consumer', {
      deps: { discovery: coreServices.discovery },
      init: async () => {},
    });
    const config = { backend: startup, discovery: { endpoints } };
    const { logger, stop } = await startBackend({ config, features: [plugin] });
    await stop();
    expect(logger.entries.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('The internal target of discovery.endpoints[0] is not used'),
      expect.stringContaining('The external target of discovery.endpoints[0] is not used'),
    ]);
  });

  it('no longer follows the configuration once it has what it needs', async () => {
    const url = await serve({ status: 200 });
    const loaded = (data: JsonObject) => ({
      sources: [{ context: 'test', data }],
      secrets: new Set<string>(),
      files: new Set<string>(),
    });
    const { backend: startup, ...endpoints } = needing(url);
    const listen = { host: '127.0.0.1', port: 0 };
    const config = new ReloadableConfig(loaded({ ...endpoints, backend: { ...startup, listen } }));
    const { backend, logger } = composeBackend({
      features: [provide(coreServices.rootConfig, () => config)],
    });
    await backend.start();
    config.replace(loaded({ discovery: { endpoints: [{ target: 'nowhere', plugins: ['catalog'] }] } }));
    await backend.stop();
    expect(logger.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('says of a plugin that discovery leads back to this backend for that this has no such plugin', async () => {
    const config = { backend: { startup: { needs: ['catalog'], needsTimeout: 200 } } };
    await expect(startBackend({ config })).rejects.toThrow(
      "these are not ready: plugin 'catalog' (discovery.endpoints has no other address for it than that of this backend, which does not have it)",
    );
  });

  it('fails with what is missing', async () => {
    const target = await serve({ status: 503 });
    await expect(startBackend({ config: needing(target) })).rejects.toThrow(
      `these are not ready: plugin 'catalog' at ${target}/.backstage/health/v1/readiness (it answers 503)`,
    );
  });
});
