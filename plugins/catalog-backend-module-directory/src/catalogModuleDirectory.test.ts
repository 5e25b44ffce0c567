// Tests of the module with a catalog and a real folder.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createBackend } from '@greenroom/backend-defaults';
import { rootConfigServiceFactory } from '@greenroom/backend-defaults/rootConfig';
import { coreServices, createServiceFactory, type LoggerService } from '@greenroom/backend-plugin-api';
import catalogPlugin from '@greenroom/plugin-catalog-backend';
import catalogModuleDirectory from './index';

const component = (name: string, type = 'service') =>
  JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type, lifecycle: 'production', owner: 'team' },
  });

describe('catalogModuleDirectory', () => {
  let folder: string;
  let stop: () => Promise<unknown>;
  let base: string;

  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };

  const served = async (): Promise<Record<string, string>> => {
    const answer = await fetch(`${base}/entities?filter=kind=component`);
    const entities = (await answer.json()) as Array<{ metadata: { name: string }; spec: { type: string } }>;
    return Object.fromEntries(entities.map(({ metadata, spec }) => [metadata.name, spec.type]).sort());
  };

  async function eventually(check: () => Promise<void>): Promise<void> {
    const end = performance.now() + 15_000;
    for (;;) {
      try {
        return await check();
      } catch (error) {
        if (performance.now() > end) throw error;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'catalog-directory-')));
    await write('services/a/catalog-info.yaml', component('a'));
    await write('services/node_modules/x/catalog-info.yaml', component('foreign'));
    await write('services/.git/catalog-info.yaml', component('hidden'));
    await write('services/a/other.yaml', component('other'));
    const config = {
      backend: {
        listen: { host: '127.0.0.1', port: 0 },
        database: { client: 'better-sqlite3', connection: ':memory:' },
        auth: { dangerouslyDisableDefaultAuthPolicy: true },
      },
      catalog: {
        // Nothing but the watching finds changes.
        processingInterval: false,
        locations: [{ type: 'file', target: join(folder, 'none-*.yaml') }],
        providers: { directory: { services: { path: join(folder, 'services') } } },
      },
    };
    await write('app-config.yaml', JSON.stringify(config));
    const lines: string[] = [];
    const log = (message: string) => void lines.push(message);
    const logger: LoggerService = { error: log, warn: log, info: log, debug: log, child: () => logger };
    const backend = createBackend({
      services: [
        rootConfigServiceFactory({ argv: ['--config', join(folder, 'app-config.yaml')], watch: false }),
        createServiceFactory({ service: coreServices.rootLogger, deps: {}, factory: () => logger }),
      ],
    });
    backend.add(catalogPlugin);
    backend.add(catalogModuleDirectory);
    stop = () => backend.stop();
    await backend.start();
    const address = /http:\/\/\S+/.exec(lines.find(line => line.includes('Listening')) ?? '')?.[0];
    base = `${address}/api/catalog`;
  }, 60_000);
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  it('provides what is there, and follows files as they come, change and go', async () => {
    await eventually(async () => expect(await served()).toEqual({ a: 'service' }));
    await write('services/b/deep/catalog-info.yml', component('b'));
    await eventually(async () => expect(await served()).toEqual({ a: 'service', b: 'service' }));
    await write('services/a/catalog-info.yaml', component('a', 'website'));
    await eventually(async () => expect(await served()).toEqual({ a: 'website', b: 'service' }));
    await rm(join(folder, 'services/b'), { recursive: true });
    await eventually(async () => expect(await served()).toEqual({ a: 'website' }));
  });
});
