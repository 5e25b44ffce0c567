// Starts the catalog: opens the database, connects the providers, serves, and keeps processing.
import { catalogPermissions } from './permissions/catalogPermissions';
import type {
  AuditorService,
  DatabaseService,
  EventsService,
  HttpAuthService,
  HttpRouterService,
  LifecycleService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  RootConfigService,
  UrlReaderService,
} from '@greenroom/backend-plugin-api';
import type { MetricsService } from '@greenroom/backend-plugin-api/alpha';
import { catalogEntityPermissionResourceRef } from '@greenroom/plugin-catalog-node/alpha';
import type { EntityProvider } from '@greenroom/plugin-catalog-node';
import type { Knex } from 'knex';
import { buildPipeline } from './buildPipeline';
import type { CatalogExtensions } from './CatalogExtensions';
import { CatalogNotifier } from './CatalogNotifier';
import { readCatalogLocations } from './config/readCatalogLocations';
import { readCatalogSettings } from './config/readCatalogSettings';
import { readGitHosts } from './config/readGitHosts';
import { migrateCatalog } from './database/migrateCatalog';
import { isPostgres } from './database/valuesTable';

import { createRouter } from './http/createRouter';
import { createAnalyzer } from './locations/createAnalyzer';
import { LocationService } from './locations/LocationService';
import { LocationStore } from './locations/LocationStore';
import { CatalogAuthorizer } from './permissions/CatalogAuthorizer';
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

/** What the catalog works with. */
export interface CatalogEnvironment {
  readonly auditor: AuditorService;
  readonly config: RootConfigService;
  readonly database: DatabaseService;
  readonly events: EventsService;
  readonly httpAuth: HttpAuthService;
  readonly httpRouter: HttpRouterService;
  readonly lifecycle: LifecycleService;
  readonly logger: LoggerService;
  readonly metrics: MetricsService;
  readonly permissions: PermissionsService;
  readonly permissionsRegistry: PermissionsRegistryService;
  readonly urlReader: UrlReaderService;
  readonly extensions: CatalogExtensions;
  /** Where relative locations of the configuration start. */
  readonly directory: string;
}

/** Far enough away that nothing but a change of the entity, or a refresh, comes before it. */
const NEVER = 8_640_000_000_000_000;
/** What is slower comes while the catalog serves already. */
const FIRST_READING_MS = 5_000;

/** Resolves when what was there to be read is served, or after some seconds. */
export async function startCatalog(environment: CatalogEnvironment): Promise<void> {
  const { config, extensions, httpRouter, lifecycle, logger, metrics } = environment;
  const settings = readCatalogSettings(config);
  const locations = readCatalogLocations(config, environment.directory);
  const kinds = await readKinds(extensions);
  const { pipeline, validation, fingerprint } = buildPipeline({ ...environment, settings, locations, kinds });
  const knex = await openDatabase(environment.database);
  const notifier = new CatalogNotifier({ ...environment, observers: extensions.observers });
  const engine = new ProcessingEngine({
    knex,
    logger,
    pipeline,
    fingerprint,
    keepOrphans: settings.keepOrphans,
    dueIn: external => dueIn(external ? settings.processingIntervalMs : undefined),
    onProcessed: notifier.onProcessed,
    onStitched: notifier.onStitched,
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
  await connectAll(providers, {
    knex,
    keepOrphans: settings.keepOrphans,
    wake,
    onConflicts: notifier.onConflicts,
  });
  if (!settings.keepOrphansOfProviders) {
    await removeObsoleteProviders(
      knex,
      providers.map(provider => provider.getProviderName()),
    );
  }
  await readOnce(engine);
  logger.info(`Serving ${await queries.count(undefined)} entities`);
}

/** The built-in kinds, or those of the model where modules change that; and what modules add to either. */
async function readKinds({ kinds, modelSources }: CatalogExtensions): Promise<EntityKinds> {
  const basic = modelSources.length > 0 ? await readModelKinds(modelSources) : builtInKinds;
  return new EntityKinds([...basic, ...kinds]);
}

async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) await migrateCatalog(knex);
  return knex;
}

/** Spread over a third of the interval, so that not everything is due at once. */
function dueIn(intervalMs: number | undefined): number {
  return intervalMs === undefined ? NEVER : Math.round(intervalMs * (5 / 6 + Math.random() / 3));
}

function authorize(environment: CatalogEnvironment, queries: EntityQueries): CatalogAuthorizer {
  const { httpAuth, permissions, permissionsRegistry } = environment;
  permissionsRegistry.addResourceType({
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
  return new CatalogAuthorizer({ httpAuth, permissions, registry: permissionsRegistry });
}

type ConnectionOptions = Omit<ConstructorParameters<typeof ProviderConnection>[0], 'providerName'>;

/** In their order, so that of several sources that give one entity the same one is first after every start. */
async function connectAll(providers: readonly EntityProvider[], options: ConnectionOptions): Promise<void> {
  for (const provider of providers) {
    const providerName = provider.getProviderName();
    await provider.connect(new ProviderConnection({ ...options, providerName }));
  }
}

async function readOnce(engine: ProcessingEngine): Promise<void> {
  const read = engine.whenIdle();
  engine.start();
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    read,
    new Promise(resolve => {
      timer = setTimeout(resolve, FIRST_READING_MS);
    }),
  ]);
  clearTimeout(timer);
}
