// Connections of a release of pg that lacks what they are watched by (set GREENROOM_TEST_POSTGRES to a URL).
import { Client } from 'pg';
import { MemoryLogger } from '../../../testing/MemoryLogger';
import { SilentConnections, type WatchedConnection } from './SilentConnections';

const server = process.env.GREENROOM_TEST_POSTGRES;
const title = server
  ? 'a connection without'
  : 'a connection (skipped: GREENROOM_TEST_POSTGRES names none) without';

(server ? it : it.skip).each(['readyForQuery', 'connection'])(
  `${title} %s is left alone, which is told once`,
  async lacking => {
    const logger = new MemoryLogger();
    const database = { name: 'things', logger, ask: async () => 'unreachable' as const };
    const silent = new SilentConnections(20);
    const clients = [new Client(server), new Client(server)];
    for (const client of clients) {
      await client.connect();
      const seen = new Proxy(client, {
        get: (target, key) => (key === lacking ? undefined : Reflect.get(target, key)),
      });
      silent.watch(seen as unknown as WatchedConnection, database);
    }
    const answers = clients.map(client => client.query('select 1 as one from pg_sleep(0.3)'));
    expect((await Promise.all(answers)).map(({ rows }) => rows)).toEqual([[{ one: 1 }], [{ one: 1 }]]);
    await Promise.all(clients.map(client => client.end()));
    expect(logger.entries).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: expect.stringMatching(/^This release of pg does not show whether/),
      }),
    ]);
  },
);
