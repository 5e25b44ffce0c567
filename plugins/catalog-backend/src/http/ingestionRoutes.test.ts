// Tests of the report of refused documents.
import { join } from 'node:path';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createModule, eventually } from '@greenroom/testing';
import type { Knex } from 'knex';
import { CatalogPlace, clients, component } from '../testing/startTestCatalog';

describe.each(clients)('the report of refused documents on %s', client => {
  it('has ten thousand of them, and says how many more there are', async () => {
    const place = await CatalogPlace.create(client);
    try {
      const refusal = { subject: 'document', file: '/a.yaml', reason: 'a reason' };
      const errors = JSON.stringify(
        Array.from({ length: 50 }, () => ({ name: 'InputError', own: false, refusal })),
      );
      let knex: Knex;
      const databaseModule = createModule('catalog', 'database', {
        deps: { database: coreServices.database },
        async init({ database }) {
          knex = await database.getClient();
        },
      });
      // With their Location, 251 entities.
      const names = Array.from({ length: 250 }, (_, at) => component(`e${at}`));
      await place.write({ 'a.yaml': names });
      const locations = [{ type: 'file', target: join(place.folder, 'a.yaml') }];
      const { request } = await place.start({ locations }, databaseModule);
      const report = async () => (await request('/.greenroom/ingestion')).body;
      // None of them is processed any more, which would write its own errors.
      await eventually(async () => expect(await report()).toMatchObject({ entitiesServed: 251 }));
      await knex!('catalog_refresh_state').update({ errors });
      const body = await report();
      expect(body).toMatchObject({ entitiesServed: 251, documentsSeen: 251 + 12_550, refusedMore: 2_550 });
      expect(body.refused).toHaveLength(10_000);
      expect(body.refused[0]).toEqual(refusal);
    } finally {
      await place.remove();
    }
  });
});
