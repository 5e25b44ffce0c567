// The published catalog with two of its modules: serves the entities of YAML files.
import { CatalogClient } from '@backstage/catalog-client';
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { eventually } from '../lib/ask.mjs';
import { callerToken } from '../lib/launch.mjs';

const file = name => fileURLToPath(new URL(`../fixtures/entities/${name}`, import.meta.url));

export const catalog = {
  id: 'catalog',
  features: [
    '@backstage/plugin-catalog-backend',
    '@backstage/plugin-catalog-backend-module-logs',
    '@backstage/plugin-catalog-backend-module-scaffolder-entity-model',
  ],
  asked:
    'entities of YAML files, a template among them, come out with their relations; a broken one is logged',
  config: () => ({
    catalog: {
      rules: [{ allow: ['Component', 'System', 'Group', 'Location', 'Template'] }],
      locations: ['all.yaml', 'broken.yaml'].map(name => ({ type: 'file', target: file(name) })),
    },
  }),
  async ask(backend) {
    await askEntities(backend);
    await eventually('the warning about broken.yaml', backend.output, output =>
      /wreck|broken\.yaml/.test(output),
    );
  },
  askAgain: askEntities,
};

async function askEntities(backend) {
  const client = new CatalogClient({
    discoveryApi: { getBaseUrl: async id => backend.api(id) },
  });
  const options = { token: callerToken };
  const lighthouse = await eventually(
    'the component with its relations',
    () => client.getEntityByRef('component:default/lighthouse', options),
    entity => entity?.relations?.length === 2,
  );
  assert.deepEqual(lighthouse.relations.map(({ type, targetRef }) => `${type} ${targetRef}`).sort(), [
    'ownedBy group:default/keepers',
    'partOf system:default/coast',
  ]);
  const { items } = await eventually(
    'the template',
    () => client.queryEntities({ filter: { kind: 'template' } }, options),
    found => found.items.length === 1,
  );
  assert.equal(items[0].metadata.name, 'buoy');
}
