// Creates an event bus whose instances share the database of the plugin `events`.
import type { LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import { DatabaseConnections } from '../database/DatabaseConnections';
import { observeConnectionPools } from '../telemetry/observeConnectionPools';
import type { Telemetry } from '../telemetry/Telemetry';
import { eventsDatabaseId } from './config';
import { EventBus } from './EventBus';
import { PostgresEventTransport } from './PostgresEventTransport';

/**
 * Creates a bus over PostgreSQL, which connects when the first plugin publishes or subscribes.
 *
 * @param options - `config` for `backend.database`; `retention` in milliseconds.
 *
 * @public
 */
export function createPostgresEventBus(options: {
  config: RootConfigService;
  logger: LoggerService;
  retention: number;
  telemetry?: Telemetry;
}): EventBus {
  const { config, logger, retention, telemetry } = options;
  const connections = new DatabaseConnections(config);
  if (telemetry?.meter) observeConnectionPools(telemetry.meter, () => connections.usage(), 'events');
  const tracer = telemetry?.tracer;
  const tracing =
    tracer && import('../telemetry/EventTracing').then(({ EventTracing }) => new EventTracing(tracer));
  const database = connections.forPlugin(eventsDatabaseId, { logger });
  return new EventBus(
    receive =>
      new PostgresEventTransport({
        getClient: () => database.getClient(),
        closeClient: () => connections.close(),
        receive,
        logger,
        retention,
        skipMigrations: database.migrations?.skip,
        tracing,
      }),
  );
}
