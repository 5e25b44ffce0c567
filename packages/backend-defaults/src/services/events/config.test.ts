// Where events go.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readEventsOptions } from './config';

const read = (backend: JsonObject) => readEventsOptions(new ConfigReader({ backend }));

it('keeps events in the process by default', () => {
  expect(read({})).toEqual({ store: 'memory' });
  expect(read({ events: { store: 'memory' }, database: { client: 'pg' } })).toEqual({ store: 'memory' });
});

it('takes PostgreSQL where the database of events is one', () => {
  const events = { store: 'postgres' };
  expect(read({ events, database: { client: 'pg' } })).toEqual({ store: 'postgres', retention: 3_600_000 });
  expect(
    read({ events: { ...events, retention: '5m' }, database: { plugin: { events: { client: 'pg' } } } }),
  ).toEqual({ store: 'postgres', retention: 300_000 });
  expect(() => read({ events })).toThrow(
    "backend.events.store is 'postgres', but the database of plugin 'events' is configured for the client 'better-sqlite3'. Set backend.database.client",
  );
});

it('refuses other stores', () => {
  expect(() => read({ events: { store: 'kafka' } })).toThrow("must be 'memory' or 'postgres'");
});
