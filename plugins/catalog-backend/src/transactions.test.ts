// Tests that what belongs together is stored together, with databases that refuse one part of it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createModule, eventually } from '@greenroom/testing';
import { CatalogPlace, clients, component, type StartedCatalog } from './testing/startTestCatalog';

describe.each(clients)('transactions on %s', client => {
  let place: CatalogPlace;
  let started: StartedCatalog;
  let database: Knex;
  const databaseModule = createModule('catalog', 'database', {
    deps: { service: coreServices.database },
    init: async ({ service }) => void (database = await service.getClient()),
  });

  beforeEach(async () => {
    place = await CatalogPlace.create(client);
    await place.write({ 'a.yaml': component('a') });
    const locations = [{ type: 'file', target: join(place.folder, 'a.yaml') }];
    started = await place.start({ locations, processingInterval: { milliseconds: 200 } }, databaseModule);
  });
  afterEach(() => place.remove());

  async function refuseRowsOf(table: string): Promise<void> {
    if (client === 'SQLite') {
      await database.raw(
        `CREATE TRIGGER refuse BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'no rows today'); END`,
      );
      return;
    }
    await database.raw(
      `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'no rows today (idle for % at most)', current_setting('idle_in_transaction_session_timeout');
       END $$`,
    );
    await database.raw(`CREATE TRIGGER refuse BEFORE INSERT ON ${table} EXECUTE FUNCTION refuse()`);
  }
  const takeRowsOf = (table: string) =>
    database.raw(`DROP TRIGGER refuse${client === 'SQLite' ? '' : ` ON ${table}`}`);
  const refusals = () => started.lines.filter(line => /tried again.*no rows today/.test(line)).length;
  const rowsOf = (table: string) => database(table).select().orderBy(1);
  const owner = async () =>
    (await started.client.getEntityByRef('component:a', started.options))?.spec?.owner;

  it('keep the result of processing from being stored without its stitch being queued', async () => {
    const tables = ['catalog_references', 'catalog_relations', 'catalog_refresh_keys'];
    const before = await Promise.all(tables.map(rowsOf));
    await refuseRowsOf('catalog_stitch_queue');
    await writeFile(join(place.folder, 'a.yaml'), JSON.stringify(component('a', { owner: 'crew' })));
    await eventually(async () => expect(refusals()).toBeGreaterThan(0));
    expect(await Promise.all(tables.map(rowsOf))).toEqual(before);
    expect(await database('catalog_refresh_state').where('processed', 'like', '%crew%')).toEqual([]);
    expect(await owner()).toBe('team');
    await takeRowsOf('catalog_stitch_queue');
    // Otherwise what was not stored is processed again when its lease ends.
    await started.client.refreshEntity('component:default/a', started.options);
    await eventually(async () => expect(await owner()).toBe('crew'));
  });

  if (client !== 'SQLite') {
    it('end within a minute where their instance stands still, since others wait for their locks', async () => {
      await refuseRowsOf('catalog_stitch_queue');
      await writeFile(join(place.folder, 'a.yaml'), JSON.stringify(component('a', { owner: 'crew' })));
      await eventually(async () => expect(started.lines.join()).toContain('idle for 1min at most'));
    });
  }

  it('keep what is to be stitched in the queue until it is served', async () => {
    await refuseRowsOf('catalog_entities');
    await writeFile(join(place.folder, 'a.yaml'), JSON.stringify(component('a', { owner: 'crew' })));
    await eventually(async () => expect(refusals()).toBeGreaterThan(0));
    expect(await database('catalog_stitch_queue').pluck('entity_ref')).toContain('component:default/a');
    expect(await owner()).toBe('team');
    await takeRowsOf('catalog_entities');
    await eventually(async () => expect(await owner()).toBe('crew'));
  });

  it('keep a location from being registered or removed without its entities', async () => {
    const { client: catalog, options } = started;
    await place.write({ 'b.yaml': component('b') });
    const location = { type: 'file', target: join(place.folder, 'b.yaml') };
    const locations = async () => (await catalog.getLocations({}, options)).items;
    const entity = () => catalog.getEntityByRef('component:b', options);

    await refuseRowsOf('catalog_refresh_state');
    await expect(catalog.addLocation(location, options)).rejects.toThrow('500');
    expect(await locations()).toEqual([]);
    await takeRowsOf('catalog_refresh_state');
    const { location: added } = await catalog.addLocation(location, options);
    await eventually(async () => expect(await entity()).toBeDefined());

    await refuseRowsOf('catalog_stitch_queue');
    await expect(catalog.removeLocationById(added.id, options)).rejects.toThrow('500');
    expect(await locations()).toEqual([expect.objectContaining(location)]);
    await takeRowsOf('catalog_stitch_queue');
    await catalog.removeLocationById(added.id, options);
    await eventually(async () => expect(await entity()).toBeUndefined());
    expect(await locations()).toEqual([]);
  });
});
