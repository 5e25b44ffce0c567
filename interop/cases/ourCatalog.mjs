// Our catalog with its modules: answers the requests of the published client, on either engine.
import { CatalogClient } from '@backstage/catalog-client';
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from '../lib/ask.mjs';
import { callerToken } from '../lib/launch.mjs';
import { catalog } from './catalog.mjs';

const watched = new URL('../.cache/watched/', import.meta.url);
const pier = new URL('catalog-info.yaml', watched);

export const ourCatalog = {
  id: 'our-catalog',
  features: [
    '@greenroom/plugin-catalog-backend',
    '@greenroom/plugin-catalog-backend-module-directory',
    '@greenroom/plugin-catalog-backend-module-logs',
    '@greenroom/plugin-catalog-backend-module-scaffolder-entity-model',
  ],
  asked:
    "entities of YAML files, a template among them, come out through Backstage's client with their relations; a broken one is logged; one of a watched folder comes and goes with its file",
  config() {
    const { catalog: settings } = catalog.config();
    rmSync(watched, { recursive: true, force: true });
    mkdirSync(watched, { recursive: true });
    const providers = { directory: { shore: { path: fileURLToPath(watched) } } };
    return { catalog: { ...settings, providers } };
  },
  async ask(backend) {
    await catalog.ask(backend);
    await askWatched(backend);
  },
};

async function askWatched(backend) {
  const client = new CatalogClient({ discoveryApi: { getBaseUrl: async id => backend.api(id) } });
  const look = () => client.getEntityByRef('component:default/pier', { token: callerToken });
  assert.equal(await look(), undefined);
  const spec = { type: 'website', lifecycle: 'production', owner: 'keepers' };
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'pier' },
    spec,
  };
  writeFileSync(pier, JSON.stringify(entity));
  const seen = await eventually('the entity of the watched folder', look, Boolean);
  assert.deepEqual(seen.spec, spec);
  rmSync(pier);
  await eventually('the end of the entity whose file is gone', look, found => !found);
}
