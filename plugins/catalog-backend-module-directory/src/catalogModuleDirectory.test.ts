// Tests of the module with a real folder, against the extension point that it uses.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createBackend } from '@greenroom/backend-defaults';
import { rootConfigServiceFactory } from '@greenroom/backend-defaults/rootConfig';
import {
  catalogProcessingExtensionPoint,
  type CatalogProcessingExtensionPoint,
  type EntityProvider,
  type EntityProviderMutation,
} from '@greenroom/plugin-catalog-node';
import { createPlugin, eventually } from '@greenroom/testing';
import catalogModuleDirectory from './index';

describe('catalogModuleDirectory', () => {
  let folder: string;
  let stop: () => Promise<unknown>;
  const mutations: EntityProviderMutation[] = [];
  const refreshed: string[] = [];
  const names: string[] = [];

  const connected: EntityProvider[] = [];
  const missing = () => {
    throw new Error('The module should not use this');
  };
  const processing: CatalogProcessingExtensionPoint = {
    addEntityProvider: (...added) => void connected.push(...added.flat()),
    addProcessor: missing,
    addPlaceholderResolver: missing,
    setOnProcessingErrorHandler: missing,
  };
  /** Stands in for the catalog: connects the provider and keeps what it gives. */
  const catalog = createPlugin('catalog', {
    offers: [[catalogProcessingExtensionPoint, processing]],
    async init() {
      for (const provider of connected) {
        names.push(provider.getProviderName());
        await provider.connect({
          applyMutation: async mutation => void mutations.push(mutation),
          refresh: async ({ keys }) => void refreshed.push(...keys),
        });
      }
    },
  });

  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };

  const provided = () => {
    const last = mutations.at(-1);
    const entities = last?.type === 'full' ? last.entities : [];
    return entities.map(({ entity }) => String(entity.spec?.target).replace(`${folder}/services/`, ''));
  };

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'catalog-directory-')));
    await write('services/a/catalog-info.yaml', 'a');
    await write('services/node_modules/x/catalog-info.yaml', 'foreign');
    await write('services/.git/catalog-info.yaml', 'hidden');
    await write('services/a/other.yaml', 'other');
    const providers = { directory: { services: { path: join(folder, 'services') } } };
    const backendConfig = { listen: { host: '127.0.0.1', port: 0 } };
    await write('app-config.yaml', JSON.stringify({ backend: backendConfig, catalog: { providers } }));
    const argv = ['--config', join(folder, 'app-config.yaml')];
    const backend = createBackend({ services: [rootConfigServiceFactory({ argv, watch: false })] });
    backend.add(catalog);
    backend.add(catalogModuleDirectory);
    stop = () => backend.stop();
    await backend.start();
  }, 60_000);
  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  it('provides what is there, and follows files as they come, change and go', async () => {
    expect(names).toEqual(['DirectoryEntityProvider:services']);
    expect(provided()).toEqual(['a/catalog-info.yaml']);
    expect(mutations[0]).toMatchObject({
      entities: [
        { entity: { kind: 'Location' }, locationKey: `file:${folder}/services/a/catalog-info.yaml` },
      ],
    });
    await write('services/b/deep/catalog-info.yml', 'b');
    await eventually(() => expect(provided()).toEqual(['a/catalog-info.yaml', 'b/deep/catalog-info.yml']));
    refreshed.length = 0;
    await write('services/a/catalog-info.yaml', 'changed');
    await eventually(() => expect(refreshed).toContain(`file:${folder}/services/a/catalog-info.yaml`));
    await rm(join(folder, 'services/b'), { recursive: true });
    await eventually(() => expect(provided()).toEqual(['a/catalog-info.yaml']));
  });
});
