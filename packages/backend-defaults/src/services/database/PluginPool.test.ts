// Who of a plugin gets a connection, and how long the others wait for one.
import type { ConnectionPool, PooledConnection } from './ConnectionPool';
import { PluginPool } from './PluginPool';

afterEach(() => void jest.useRealTimers());

it('waits for a connection where the limit is longer than a timer can wait', async () => {
  jest.useFakeTimers();
  const connections: Pick<ConnectionPool, 'acquire' | 'release'> = {
    acquire: async () => ({}),
    release: () => true,
  };
  const pool = new PluginPool({
    pluginId: 'greedy',
    pool: connections as ConnectionPool,
    limit: 1,
    acquireTimeout: 2 ** 31,
  });
  const first = await pool.acquire().promise;
  const waiting: Promise<PooledConnection> = pool.acquire().promise;
  await jest.advanceTimersByTimeAsync(3_600_000);
  pool.release(first);
  expect(await waiting).toEqual({});
});
