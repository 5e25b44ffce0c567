// Measures how busy the connections to databases are.
import type { Meter } from '@opentelemetry/api';
import type { ConnectionPoolUsage } from '../database/ConnectionPool';

const poolName = 'db.client.connection.pool.name';

/**
 * Calls `usage` whenever metrics are collected. The names follow OpenTelemetry's conventions. `owner` precedes the
 * name of a pool that is not shared with plugins.
 */
export function observeConnectionPools(
  meter: Meter,
  usage: () => ConnectionPoolUsage[],
  owner?: string,
): void {
  const count = meter.createObservableUpDownCounter('db.client.connection.count', {
    description: 'Connections, by whether they are in use',
  });
  const max = meter.createObservableUpDownCounter('db.client.connection.max', {
    description: 'How many connections there may be',
  });
  const pending = meter.createObservableUpDownCounter('db.client.connection.pending_requests', {
    description: 'How many wait for a connection',
  });
  meter.addBatchObservableCallback(
    result => {
      for (const pool of usage()) {
        const name = { [poolName]: owner === undefined ? pool.name : `${owner}: ${pool.name}` };
        result.observe(count, pool.used, { ...name, 'db.client.connection.state': 'used' });
        result.observe(count, pool.idle, { ...name, 'db.client.connection.state': 'idle' });
        result.observe(max, pool.max, name);
        result.observe(pending, pool.waiting, name);
      }
    },
    [count, max, pending],
  );
}
