// Metrics for the size of the catalog and its queues.
import type { MetricsService } from '@greenroom/backend-plugin-api/alpha';
import type { Knex } from 'knex';
import { databaseNow } from './database/databaseNow';

/** Counts only when metrics are collected. */
export function observeQueues(metrics: MetricsService, knex: Knex): void {
  const observe = (name: string, description: string, count: () => Knex.QueryBuilder) => {
    metrics.createObservableGauge(name, { description }).addCallback(async result => {
      const [row] = (await count().count({ count: '*' })) as Array<{ count: number | string }>;
      result.observe(Number(row?.count ?? 0));
    });
  };
  observe('catalog.entities.count', 'Entities that are served', () => knex('catalog_entities'));
  observe('catalog.registered.locations.count', 'Locations that people registered', () =>
    knex('catalog_locations'),
  );
  observe('catalog.processing.queue.length', 'Entities that are due to be processed', () =>
    knex('catalog_refresh_state')
      .where('due_at', '<=', databaseNow(knex))
      .andWhere(free => free.whereNull('claimed_until').orWhere('claimed_until', '<=', databaseNow(knex))),
  );
  observe('catalog.stitching.queue.length', 'Entities that are to be put together', () =>
    knex('catalog_stitch_queue'),
  );
}
