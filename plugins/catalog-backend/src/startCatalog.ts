// Starts the catalog: reads the sources, stores the entities, serves them.
import type { Config } from '@backstage/config';
import type { DatabaseService, HttpRouterService, LoggerService } from '@greenroom/backend-plugin-api';
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';
import { readCatalogLocations } from './config/readCatalogLocations';
import { EntityQueries } from './database/EntityQueries';
import { migrateCatalog } from './database/migrateCatalog';
import { replaceEntities } from './database/replaceEntities';
import { createRouter } from './http/createRouter';
import { ingestLocations } from './ingestion/ingestLocations';
import { type IngestionReport, logIngestionReport } from './ingestion/IngestionReport';
import type { RefusalObservers } from './ingestion/RefusalObservers';
import { builtInKinds } from './validation/builtInKinds';
import { EntityKinds } from './validation/EntityKinds';
import { EntityValidator } from './validation/EntityValidator';

/** What the catalog works with. */
export interface CatalogEnvironment {
  readonly config: Config;
  readonly database: DatabaseService;
  readonly httpRouter: HttpRouterService;
  readonly logger: LoggerService;
  /** Kinds that modules added to the built-in ones. */
  readonly addedKinds: readonly EntityKindDefinition[];
  readonly observers: RefusalObservers;
  /** Where relative locations of the configuration start. */
  readonly directory: string;
}

/** Resolves when all entities are there to be served. */
export async function startCatalog(environment: CatalogEnvironment): Promise<void> {
  const { config, httpRouter, logger, observers } = environment;
  const locations = readCatalogLocations(config, environment.directory);
  const validator = new EntityValidator(new EntityKinds([...builtInKinds, ...environment.addedKinds]));
  const [knex, ingested] = await Promise.all([
    openDatabase(environment.database),
    ingestLocations(locations.targets, validator),
  ]);
  await replaceEntities(
    knex,
    ingested.entities.map(({ entity }) => entity),
  );

  const refused = [...locations.refused.map(refusal => ({ refusal })), ...ingested.refused];
  const report: IngestionReport = {
    filesRead: ingested.filesRead,
    documentsSeen: ingested.documentsSeen,
    entitiesServed: ingested.entities.length,
    refused: refused.map(({ refusal }) => refusal),
  };
  httpRouter.use(createRouter({ queries: new EntityQueries(knex), report }));
  logIngestionReport(report, logger, { details: !observers.hasListeners });
  observers.notify(refused, logger);
}

async function openDatabase(database: DatabaseService) {
  const knex = await database.getClient();
  if (!database.migrations?.skip) await migrateCatalog(knex);
  return knex;
}
