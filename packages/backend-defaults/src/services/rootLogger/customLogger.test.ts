// Tests that a root logger of another kind keeps what has nothing to do with where its entries go.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import {
  coreServices,
  type RootConfigService,
  type RootLoggerService,
  type ServiceFactory,
} from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { folderForEach } from '../../testing/folderForEach';
import { loggerServiceFactory } from '../logger/factory';
import { rootConfigServiceFactory } from '../rootConfig/factory';
import { rootConfigWatcherServiceFactory } from '../rootConfig/watcherFactory';
import { rootLifecycleServiceFactory } from '../rootLifecycle/factory';
import { rootLoggerServiceFactory } from './factory';

const schemas = [
  {
    packageName: 'shop',
    schema: {
      type: 'object',
      properties: { shop: { type: 'object', properties: { pin: { type: 'string', visibility: 'secret' } } } },
    },
  },
];

describe('a root logger of another kind', () => {
  let root: string;
  let file: string;
  folderForEach(folder => {
    root = folder;
    file = join(root, 'app-config.yaml');
  });

  async function start(rootLogger: ServiceFactory) {
    let config!: RootConfigService;
    let log!: (message: string, meta?: object) => void;
    const backend = createSpecializedBackend({
      defaultServiceFactories: [
        rootConfigServiceFactory({ argv: ['--config', file], schemas }),
        rootConfigWatcherServiceFactory,
        rootLifecycleServiceFactory,
        loggerServiceFactory,
      ],
    });
    backend.add(rootLogger);
    backend.add(
      createPlugin('shop', {
        deps: { logger: coreServices.logger, config: coreServices.rootConfig },
        async init(deps) {
          config = deps.config;
          log = (message, meta) => deps.logger.debug(message, meta as never);
        },
      }),
    );
    await backend.start();
    const change = (text: string) =>
      new Promise<void>(resolve => {
        const { unsubscribe } = config.subscribe!(() => {
          unsubscribe();
          // After every other subscriber.
          setImmediate(resolve);
        });
        writeFileSync(file, text);
      });
    return { backend, config, log: (message: string, meta?: object) => log(message, meta), change };
  }

  it('gets entries that are filtered, redacted and labelled, where only the destination is its own', async () => {
    writeFileSync(file, "shop: { pin: 'p1n' }\nbackend: { logger: { meta: { region: eu } } }");
    const lines: string[] = [];
    const { backend, log, change } = await start(
      rootLoggerServiceFactory({ format: 'json', destination: { write: line => lines.push(line) } }),
    );
    log('too quiet');
    await change(
      "shop: { pin: 'n3w' }\nbackend: { logger: { overrides: [{ matchers: { plugin: shop }, level: debug }] } }",
    );
    log('p1n and n3w', { url: 'http://u:n3w@host', level: 'n3w', error: new Error('n3w', { cause: 'p1n' }) });
    await backend.stop();

    const entries = lines.map(line => JSON.parse(line)).filter(({ plugin }) => plugin === 'shop');
    expect(entries).toEqual([
      expect.objectContaining({
        level: 'debug',
        plugin: 'shop',
        region: 'eu',
        message: '*** and ***',
        url: 'http://u:***@host',
        meta_level: '***',
        error: expect.objectContaining({ name: 'Error', message: '***', cause: '***' }),
      }),
    ]);
    expect(lines.join('')).not.toMatch(/p1n|n3w/);
  });

  it('is handed the secrets, at the start and after a change, where it can take them', async () => {
    writeFileSync(file, "shop: { pin: 'p1n' }");
    const known = new Set<string>();
    let heard = () => {};
    const custom = {
      error() {},
      warn() {},
      info: (message: string) => message.includes('loaded anew') && heard(),
      debug() {},
      child: () => custom,
      addRedactions: (secrets: Iterable<string>) => [...secrets].forEach(secret => known.add(secret)),
    };
    const { backend, config, change } = await start(
      provide(coreServices.rootLogger, () => custom as unknown as RootLoggerService),
    );
    expect([...known]).toEqual(['p1n']);
    // Whoever is told of a change may log what has changed.
    let knownInTime = false;
    config.subscribe!(() => (knownInTime = known.has(config.getString('shop.pin'))));
    const reloaded = new Promise<void>(resolve => (heard = resolve));
    await change("shop: { pin: 'n3w' }");
    await reloaded;
    expect([...known]).toEqual(['p1n', 'n3w']);
    expect(knownInTime).toBe(true);
    await backend.stop();
  });
});
