// Reads `backend.events`.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { readChoice } from '../../config/readChoice';
import { readDuration } from '../../config/readDuration';
import { readDatabaseSettings } from '../database/config';

/** How events travel between instances. */
export type EventsOptions =
  | { store: 'memory' }
  | {
      store: 'postgres';
      /** How long events are kept for instances that were away, in milliseconds. */
      retention: number;
    };

/** The plugin whose database stores the events. */
export const eventsDatabaseId = 'events';

/** Reads the options. Default: events stay in the process. */
export function readEventsOptions(config: Config): EventsOptions {
  const store = readChoice(config, 'backend.events.store', ['memory', 'postgres']);
  if (store === 'memory') {
    return { store };
  }
  const { client } = readDatabaseSettings(config, eventsDatabaseId);
  if (client !== 'pg') {
    throw new InvalidConfigValueError(
      'backend.events.store',
      `is 'postgres', but the database of plugin '${eventsDatabaseId}' is configured for the client '${client}'`,
      {
        hint: `Set backend.database.client, or backend.database.plugin.${eventsDatabaseId}.client, to pg; or keep events in the process with the store 'memory'.`,
      },
    );
  }
  return { store, retention: readDuration(config, 'backend.events.retention') ?? 60 * 60_000 };
}
