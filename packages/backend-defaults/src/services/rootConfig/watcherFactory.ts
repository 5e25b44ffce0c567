// The service factory that logs warnings about the root configuration and keeps it up to date while the backend runs.
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  type LoggerService,
} from '@greenroom/backend-plugin-api';
import { describeProblem } from './ConfigPlace';
import type { ReloadableConfig } from './ReloadableConfig';

/** Watches the configuration. Nothing depends on it; it is a service only to be started and stopped with the backend. */
const rootConfigWatcherServiceRef = createServiceRef<{ close(): void }>({
  id: 'greenroom.rootConfigWatcher',
  scope: 'root',
});

/**
 * Reloads changed configuration files while the backend runs, reports broken ones, and stops with the backend. Logs
 * warnings, and passes the secrets to any root logger that has `addRedactions`.
 *
 * Separate from `rootConfigServiceFactory`, because it needs the logger, which needs the configuration. Does nothing
 * if the configuration was made by another factory.
 *
 * @public
 */
export const rootConfigWatcherServiceFactory = createServiceFactory({
  service: rootConfigWatcherServiceRef,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.rootLogger,
    lifecycle: coreServices.rootLifecycle,
  },
  async factory({ config, logger, lifecycle }) {
    const { ReloadableConfig } = await import('./ReloadableConfig');
    if (!(config instanceof ReloadableConfig)) return { close() {} };
    addRedactions(config.secrets, logger);
    logWarnings(config, logger);
    await logSchemas(logger);
    if (!config.origin) return { close() {} };

    const { ConfigLoadError } = await import('./ConfigLoadError');
    const { ConfigWatcher } = await import('./ConfigWatcher');
    const watcher = new ConfigWatcher(config, {
      // Must come first, because subscribers log what they see.
      beforeReload: ({ secrets }) => addRedactions(secrets, logger),
      onReload: () => {
        logger.info('The configuration was loaded anew');
        logWarnings(config, logger);
      },
      onError: error => {
        const what =
          error instanceof ConfigLoadError
            ? 'The configuration stays as it was, because loading it anew failed.'
            : 'The configuration can not be followed everywhere.';
        logger.error(`${what} ${error.message}`);
      },
    });
    lifecycle.addShutdownHook(() => watcher.close());
    return watcher;
  },
});

// The default logger asks for them itself before it writes anything; another logger may not be able to.
function addRedactions(secrets: Iterable<string>, logger: LoggerService): void {
  const { addRedactions: add } = logger as { addRedactions?: unknown };
  if (typeof add === 'function') add.call(logger, secrets);
}

function logWarnings({ loaded: { warnings = [] } }: ReloadableConfig, logger: LoggerService): void {
  for (const warning of warnings) logger.warn(describeProblem(warning, process.cwd()));
}

async function logSchemas(logger: LoggerService): Promise<void> {
  const { gatheredBefore } = await import('./schemas/gatherSchemas');
  const { schemaNotes } = await import('./schemas/schemaNotes');
  const gathered = await gatheredBefore();
  // Undefined if the schemas were given as an option.
  if (!gathered) return;
  const { schemas, packages, durationMs } = gathered;
  logger.debug(
    `Found ${schemas.length} configuration schemas in ${packages} packages in ${durationMs.toFixed(1)} ms`,
  );
  const { notes, warnings } = schemaNotes(gathered);
  for (const note of notes) logger.info(note);
  for (const warning of warnings) logger.warn(warning);
}
