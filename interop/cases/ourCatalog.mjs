// Our catalog with its modules: what the published client asks of it is answered, on either engine.
import { CatalogClient } from '@backstage/catalog-client';
import assert from 'node:assert/strict';
import { eventually } from '../lib/ask.mjs';
import { callerToken } from '../lib/launch.mjs';
import { catalog } from './catalog.mjs';

export const ourCatalog = {
  id: 'our-catalog',
  features: [
    '@greenroom/plugin-catalog-backend',
    '@greenroom/plugin-catalog-backend-module-logs',
    '@greenroom/plugin-catalog-backend-module-scaffolder-entity-model',
  ],
  asked: "entities of YAML files come out through Backstage's client; a broken one is logged",
  config: catalog.config,
  async ask(backend) {
    const client = new CatalogClient({ discoveryApi: { getBaseUrl: async id => backend.api(id) } });
    const options = { token: callerToken };
    const lighthouse = await eventually(
      'the component',
      () => client.getEntityByRef('component:default/lighthouse', options),
      Boolean,
    );
    assert.equal(lighthouse.spec.owner, 'keepers');
    const { items } = await client.getEntities({ filter: { kind: 'template' } }, options);
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ['buoy'],
    );
    await eventually('the warning about broken.yaml', backend.output, output =>
      /wreck|broken\.yaml/.test(output),
    );
  },
};
