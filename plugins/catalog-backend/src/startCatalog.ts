// Starts the catalog: migrates the database, connects the providers, serves requests, and keeps processing.
import { catalogEntityPermissionResourceRef } from '@greenroom/plugin-catalog-node/alpha';
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import { buildPipeline } from './buildPipeline';
import type { CatalogExtensions } from './CatalogExtensions';
import type { CatalogServices } from './catalogServices';
import { createNotifier } from './createNotifier';
import { readCatalogLocations } from './config/readCatalogLocations';
import { readCatalogSettings } from './config/readCatalogSettings';
import { readGitHosts } from './config/readGitHosts';
import { migrateCatalog } from './database/migrateCatalog';
import { createRouter } from './http/createRouter';
import { createAnalyzer } from './locations/createAnalyzer';
import { LocationService } from './locations/LocationService';
import { LocationStore } from './locations/LocationStore';
import { CatalogAuthorizer } from './permissions/CatalogAuthorizer';
import { catalogPermissions } from './permissions/catalogPermissions';
import { catalogPermissionRules } from './permissions/catalogPermissionRules';
import { EntityChanges } from './processing/EntityChanges';
import { ProcessingEngine } from './processing/ProcessingEngine';
import { refreshAtStart } from './processing/refreshEntities';
import { ConfigLocationProvider } from './providers/ConfigLocationProvider';
import { ProviderConnection } from './providers/ProviderConnection';
import { removeObsoleteProviders } from './providers/removeObsoleteProviders';
import { EntityQueries } from './query/EntityQueries';
import { parseEntity } from './query/EntityText';
import { observeQueues } from './observeQueues';
import { builtInKinds } from './validation/builtInKinds';
import { EntityKinds } from './validation/EntityKinds';
import { readModelKinds } from './validation/readModelKinds';

export interface CatalogEnvironment extends CatalogServices {
  readonly extensions: CatalogExtensions;
  /** The folder that relative paths in the configuration refer to. */
  readonly directory: string;
}

/** So far in the future that only a change of the entity, or a refresh, can come first. */
const NEVER = 8_640_000_000_000_000;
/** How long the start waits for the first processing. Anything slower appears while the catalog is already serving. */
const FIRST_READING_MS = 5_000;

/** Resolves once everything that can be read is served, but at the latest after some seconds. */
export async function startCatalog(environment: CatalogEnvironment): Promise<void> {
  const { config, database, extensions, httpRouter, lifecycle, logger, metrics } = environment;
  const settings = readCatalogSettings(config);
  const locations = readCatalogLocations(config, environment.directory);
  const kinds = await readKinds(extensions);
  const { pipeline, validation, fingerprint } = buildPipeline({ ...environment, settings, locations, kinds });
  const knex = await database.getClient();
  if (!database.migrations?.skip) await migrateCatalog(knex);
  const { onConflicts, ...told } = createNotifier(environment, extensions.observers);
  const engine = new ProcessingEngine({
    knex,
    logger,
    pipeline,
    fingerprint,
    keepOrphans: settings.keepOrphans,
    dueIn: external => dueIn(external ? settings.processingIntervalMs : undefined),
    ...told,
  });
  const wake = () => engine.wake();

  const queries = new EntityQueries(knex);
  const changes = new EntityChanges(knex, wake);
  const store = new LocationStore(knex);
  const { allowedLocationTypes: allowedTypes } = extensions;
  httpRouter.use(
    createRouter({
      ...environment,
      analyzer: await createAnalyzer(extensions, readGitHosts(config)),
      authorizer: authorize(environment, queries),
      changes,
      locations: new LocationService({ store, changes, pipeline, validation, queries, allowedTypes }),
      queries,
      settings,
    }),
  );
  observeQueues(metrics, knex);

  await refreshAtStart(knex, fingerprint, !isPostgres(knex));
  const providers = [new ConfigLocationProvider(locations), store, ...extensions.providers].filter(
    provider => !settings.disabled.has(provider.getProviderName()),
  );
  lifecycle.addShutdownHook(() => engine.stop());
  const { keepOrphans, keepOrphansOfProviders } = settings;
  const names = providers.map(provider => provider.getProviderName());
  // In order, so that after every start the same source comes first for an entity with several sources.
  for (const [index, provider] of providers.entries()) {
    const providerName = names[index]!;
    await provider.connect(new ProviderConnection({ knex, providerName, keepOrphans, wake, onConflicts }));
  }
  if (!keepOrphansOfProviders) await removeObsoleteProviders(knex, names);
  await readOnce(engine);
  logger.info(`Serving ${await queries.count(undefined)} entities`);
}

/** The built-in kinds, or those of the model if modules change it, and the kinds that modules add. */
async function readKinds({ kinds, modelSources }: CatalogExtensions): Promise<EntityKinds> {
  const basic = modelSources.length > 0 ? await readModelKinds(modelSources) : builtInKinds;
  return new EntityKinds([...basic, ...kinds]);
}

/** Spread over a third of the interval, so that entities do not all become due at once. */
function dueIn(intervalMs: number | undefined): number {
  return intervalMs === undefined ? NEVER : Math.round(intervalMs * (5 / 6 + Math.random() / 3));
}

function authorize(environment: CatalogEnvironment, queries: EntityQueries): CatalogAuthorizer {
  environment.permissionsRegistry.addResourceType({
    resourceRef: catalogEntityPermissionResourceRef,
    permissions: catalogPermissions,
    rules: catalogPermissionRules,
    async getResources(refs) {
      const found = await queries.byRefs(refs);
      return refs.map(ref => {
        const entity = found.get(ref);
        return entity === undefined ? undefined : parseEntity(entity);
      });
    },
  });
  return new CatalogAuthorizer(environment);
}

function readOnce(engine: ProcessingEngine): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, FIRST_READING_MS);
    void engine.whenIdle().then(() => {
      clearTimeout(timer);
      resolve();
    });
    engine.start();
  });
}
