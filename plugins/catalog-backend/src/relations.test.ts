// Tests that each field of the built-in kinds that refers to others makes relations both ways, and what is measured meanwhile.
import { recordMetrics } from '@greenroom/testing';
import { join } from 'node:path';
import { CatalogPlace, clients, component, entity, type StartedCatalog } from './testing/startTestCatalog';

const plain = { type: 'x', lifecycle: 'production', owner: 'user:ada' };
const documents = [
  component('c', {
    ...plain,
    system: 's',
    subcomponentOf: 'whole',
    providesApis: ['a'],
    consumesApis: ['a'],
    dependsOn: ['resource:r'],
    dependencyOf: ['component:whole'],
  }),
  component('whole', plain),
  entity('API', 'a', { ...plain, definition: 'x', system: 's' }),
  entity('Resource', 'r', { type: 'x', owner: 'user:ada', system: 's', dependsOn: ['component:whole'] }),
  entity('System', 's', { owner: 'user:ada', domain: 'd' }),
  entity('Domain', 'd', { owner: 'user:ada', subdomainOf: 'wide' }),
  entity('Domain', 'wide', { owner: 'user:ada' }),
  entity('Group', 'g', { type: 'team', parent: 'above', children: ['below'], members: ['ada'] }),
  entity('User', 'ada', { memberOf: ['above'] }),
];

/** From, forwards, backwards, to. */
const expected = `
  component:c ownedBy ownerOf user:ada
  component:c partOf hasPart system:s
  component:c partOf hasPart component:whole
  component:c providesApi apiProvidedBy api:a
  component:c consumesApi apiConsumedBy api:a
  component:c dependsOn dependencyOf resource:r
  component:c dependencyOf dependsOn component:whole
  api:a ownedBy ownerOf user:ada
  api:a partOf hasPart system:s
  resource:r ownedBy ownerOf user:ada
  resource:r partOf hasPart system:s
  resource:r dependsOn dependencyOf component:whole
  system:s ownedBy ownerOf user:ada
  system:s partOf hasPart domain:d
  domain:d ownedBy ownerOf user:ada
  domain:d partOf hasPart domain:wide
  group:g childOf parentOf group:above
  group:g parentOf childOf group:below
  group:g hasMember memberOf user:ada
  user:ada memberOf hasMember group:above`
  .trim()
  .split('\n')
  .map(line => line.trim().split(' ') as [string, string, string, string]);

describe.each(clients)('relations on %s', client => {
  const metrics = recordMetrics();
  let place: CatalogPlace;
  let started: StartedCatalog;
  beforeAll(async () => {
    place = await CatalogPlace.create(client);
    const groups = ['above', 'below'].map(name => entity('Group', name, { type: 'team', children: [] }));
    await place.write({ 'a.yaml': [...documents, ...groups] });
    const locations = [{ type: 'file', target: join(place.folder, 'a.yaml') }];
    started = await place.start({ locations }, metrics.factory);
  });
  afterAll(() => place.remove());

  it.each(expected)('%s %s and %s %s', async (from, forwards, backwards, to) => {
    const relationsOf = async (ref: string) =>
      (await started.client.getEntityByRef(ref, started.options))?.relations;
    const full = (ref: string) => ref.replace(':', ':default/');
    expect(await relationsOf(from)).toContainEqual({ type: forwards, targetRef: full(to) });
    expect(await relationsOf(to)).toContainEqual({ type: backwards, targetRef: full(from) });
  });

  it('are measured with their entities', async () => {
    const count = documents.length + 3;
    const { values } = metrics;
    const sum = (name: string) => values[name]!.reduce((total, { value }) => total + value, 0);
    expect(sum('catalog.processed.entities.count')).toBe(count);
    expect(sum('catalog.stitched.entities.count')).toBeGreaterThanOrEqual(count);
    for (const name of ['catalog.processing.duration', 'catalog.stitching.duration']) {
      expect(values[name]!.every(({ value }) => value > 0 && value < 60)).toBe(true);
    }
    expect(await metrics.collect()).toEqual({
      'catalog.entities.count': count,
      'catalog.registered.locations.count': 0,
      'catalog.processing.queue.length': 0,
      'catalog.stitching.queue.length': 0,
    });
  });
});
