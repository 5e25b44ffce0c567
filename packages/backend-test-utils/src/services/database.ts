// mockServices.database: a given database, or the default factory.
import { databaseServiceFactory } from '@greenroom/backend-defaults/database';
import { coreServices, createServiceFactory, type DatabaseService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { mockOf } from './simpleMock';

/**
 * Options of `mockServices.database`.
 *
 * @public
 */
export interface MockDatabaseOptions {
  /** The client to use, usually from `TestDatabases`. */
  knex: Knex;
  migrations?: { skip?: boolean };
}

function databaseOf({ knex, migrations }: MockDatabaseOptions): DatabaseService {
  return { getClient: async () => knex, ...(migrations && { migrations }) };
}

/** See {@link mockServices}. */
export const database = Object.assign(databaseOf, {
  factory: (options?: MockDatabaseOptions) =>
    options
      ? createServiceFactory({
          service: coreServices.database,
          deps: {},
          factory: () => databaseOf(options),
        })
      : databaseServiceFactory,
  mock: mockOf<DatabaseService>(coreServices.database, ['getClient']),
});
