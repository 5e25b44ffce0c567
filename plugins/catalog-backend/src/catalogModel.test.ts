// Tests of a model that modules change: kinds that are added, narrowed and removed, with their schemas and relations.
import { createCatalogModelLayer } from '@backstage/catalog-model/alpha';
import { catalogModelExtensionPoint, provideStaticCatalogModel } from '@greenroom/plugin-catalog-node/alpha';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import { createModule } from '@greenroom/testing';
import { join } from 'node:path';
import { CatalogPlace, clients, component, entity, type StartedCatalog } from './testing/startTestCatalog';

const robots = createCatalogModelLayer({
  layerId: 'example.com/robots',
  builder(model) {
    model.addKind({
      group: 'example.com',
      names: { kind: 'Robot', singular: 'robot', plural: 'robots' },
      description: 'A machine on the stage',
      versions: [
        {
          name: 'v1',
          schema: {
            jsonSchema: {
              type: 'object',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  required: ['arms'],
                  properties: { arms: { type: 'integer' }, crew: { type: 'object' } },
                },
              },
            },
          },
          relationFields: [
            {
              selector: { path: 'spec.crew.operators' },
              relation: 'operatedBy',
              defaultKind: 'User',
              defaultNamespace: 'default',
              allowedKinds: ['User'],
            },
          ],
        },
      ],
    });
    model.addRelationPair({
      fromKind: 'Robot',
      toKind: 'User',
      description: 'Who operates it',
      forward: { type: 'operatedBy', title: 'operated by' },
      reverse: { type: 'operates', title: 'operates' },
    });
  },
});
const stricter = createCatalogModelLayer({
  layerId: 'example.com/stricter',
  builder(model) {
    model.removeKind({ kind: 'Domain' });
    model.addKindVersion({
      kind: 'Component',
      versions: [
        {
          name: 'v1alpha1',
          specType: 'stage',
          schema: {
            jsonSchema: {
              type: 'object',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  required: ['owner', 'metres'],
                  properties: { metres: { type: 'number' } },
                },
              },
            },
          },
          relationFields: [{ selector: { path: 'spec.owner' }, relation: 'ownedBy', defaultKind: 'Group' }],
        },
      ],
    });
  },
});

const robot = (name: string, spec: object, metadata: object = {}) => ({
  ...entity('Robot', name, spec, metadata),
  apiVersion: 'example.com/v1',
});

describe.each(clients)('a changed model on %s', client => {
  let place: CatalogPlace;
  beforeEach(async () => {
    place = await CatalogPlace.create(client);
  });
  afterEach(() => place.remove());

  const start = (...features: Parameters<CatalogPlace['start']>[1][]) =>
    place.start({ locations: [{ type: 'file', target: join(place.folder, 'a.yaml') }] }, ...features);
  const refusedBy = async ({ request }: StartedCatalog) => {
    const { refused } = (await request('/.greenroom/ingestion')).body as { refused: IngestionRefusal[] };
    return refused.map(({ line, reason }) => `${line}: ${reason}`).sort();
  };

  it('judges and relates by what modules say, and by what they leave alone', async () => {
    await place.write({
      'a.yaml': [
        entity('User', 'ada', { memberOf: [] }),
        robot('lift', { arms: 2, crew: { operators: ['ada'] } }, { namespace: 'theatre' }),
        robot('broken', { arms: 'two' }),
        robot('foreign', { arms: 1, crew: { operators: ['group:crew'] } }),
        component('main-stage', { type: 'stage', metres: 12 }),
        component('side-stage', { type: 'stage' }),
        component('lights'),
        entity('Domain', 'theatre', { owner: 'team' }),
      ],
    });
    const started = await start(provideStaticCatalogModel({ layers: [robots, stricter] }));
    expect(await refusedBy(started)).toEqual([
      expect.stringMatching(/^11: .*spec\.metres is missing/),
      expect.stringMatching(/^15: the kind 'Domain' is not known: this catalog knows .*Robot/),
      expect.stringMatching(/^5: .*spec\.arms must be integer/),
      expect.stringMatching(/^7: spec\.crew\.operators\.0 refers to a group, and may refer to User only/),
    ]);
    const relationsOf = async (ref: string) =>
      (await started.client.getEntityByRef(ref, started.options))?.relations;
    expect(await relationsOf('robot:theatre/lift')).toEqual([
      { type: 'operatedBy', targetRef: 'user:default/ada' },
    ]);
    expect(await relationsOf('user:default/ada')).toEqual([
      { type: 'operates', targetRef: 'robot:theatre/lift' },
    ]);
    for (const name of ['main-stage', 'lights']) {
      expect(await relationsOf(`component:default/${name}`)).toEqual([
        { type: 'ownedBy', targetRef: 'group:default/team' },
      ]);
    }
  });

  it('judges everything anew with the next start, and takes layers from several modules', async () => {
    await place.write({
      'a.yaml': [robot('lift', { arms: 2 }), entity('Domain', 'theatre', { owner: 'team' })],
    });
    const asSource = createModule('catalog', 'robots', {
      deps: { model: catalogModelExtensionPoint },
      async init({ model }) {
        model.addModelSource({
          async *read() {
            yield { data: [{ layer: robots }] };
          },
        });
      },
    });
    const names = async ({ client: catalog, options }: StartedCatalog) =>
      (await catalog.getEntities({ filter: { kind: ['robot', 'domain'] } }, options)).items
        .map(({ metadata }) => metadata.name)
        .sort();
    const plain = await start();
    expect(await names(plain)).toEqual(['theatre']);
    await plain.stop();
    const both = await start(asSource, provideStaticCatalogModel({ layers: [stricter] }));
    // What was good once stays, and says that it no longer is.
    expect(await names(both)).toEqual(['lift', 'theatre']);
    expect(await both.client.getEntityByRef('domain:theatre', both.options)).toMatchObject({
      status: { items: [{ message: expect.stringContaining("the kind 'Domain' is not known") }] },
    });
  });
});
