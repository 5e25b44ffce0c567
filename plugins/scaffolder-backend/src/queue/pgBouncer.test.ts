// The queue and the journal of tasks behind a PgBouncer that gives each transaction whichever connection is free.
import { ConfigReader } from '@backstage/config';
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { dropDatabases, PgBouncer } from '@greenroom/testing';
import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { migrateScaffolder } from '../database/migrateScaffolder';
import { TaskStore } from '../database/TaskStore';
import { writeEntriesAtOnce } from '../database/writeEntriesAtOnce';
import { GraphileTaskQueue } from './GraphileTaskQueue';

const server = process.env.GREENROOM_TEST_POSTGRES;
const missing = [
  ...(server ? [] : ['GREENROOM_TEST_POSTGRES, the address of a PostgreSQL server']),
  ...(PgBouncer.isInstalled ? [] : ['pgbouncer, as in Debian’s package of that name']),
];
const title = missing.length > 0 ? ` (needs ${missing.join(' and ')})` : '';
const logger: LoggerService = { error() {}, warn() {}, info() {}, debug() {}, child: () => logger };

(missing.length > 0 ? describe.skip : describe)(`tasks by a PgBouncer${title}`, () => {
  jest.setTimeout(60_000);
  const prefix = `greenroom_test_${randomBytes(4).toString('hex')}_`;
  const instances: DatabaseConnections[] = [];
  let bouncer: PgBouncer;

  beforeAll(async () => (bouncer = await PgBouncer.start(server!, { mode: 'transaction', poolSize: 6 })));
  afterAll(async () => {
    await Promise.all(instances.map(connections => connections.close()));
    await bouncer.stop();
    await dropDatabases(prefix);
  });

  async function instance(): Promise<Knex> {
    const connections = new DatabaseConnections(
      new ConfigReader({ backend: { database: { client: 'pg', connection: bouncer.url, prefix } } }),
    );
    instances.push(connections);
    const knex = await connections.forPlugin('scaffolder', { logger }).getClient();
    await migrateScaffolder(knex);
    return knex;
  }

  it('are written about by several instances', async () => {
    const both = [await instance(), await instance()];
    const entry = { taskId: 'none' };
    const written = Array.from({ length: 40 }, (_, at) => writeEntriesAtOnce(both[at % 2]!, 'me', [entry]));
    expect((await Promise.all(written)).map(({ size }) => size)).toEqual(written.map(() => 0));
  });

  it('are handed out, and leave all else to be kept on the disk as before', async () => {
    const knex = await instance();
    const store = new TaskStore(knex);
    const options = { concurrency: 2, logger, migrate: true };
    const queues = [
      await GraphileTaskQueue.connect(knex, { ...options, holder: 'one' }),
      await GraphileTaskQueue.connect(knex, { ...options, holder: 'two' }),
    ];
    const ids = Array.from({ length: 20 }, (_, at) => `task-${at}`);
    for (const id of ids) {
      await queues[0]!.create(store.create({ id, spec: '{}', initiator: 'none', secretNames: [] }));
    }
    const ran: string[] = [];
    const events = new EventEmitter();
    for (const queue of queues) {
      await queue.start({
        concurrency: 2,
        run: async id => {
          ran.push(id);
          events.emit('ran');
        },
      });
    }
    while (ran.length < ids.length) await once(events, 'ran');
    const waits = await Promise.all(
      Array.from({ length: 6 }, () =>
        knex.raw(`select current_setting('synchronous_commit') as waits from pg_sleep(0.1)`),
      ),
    );
    await Promise.all(queues.map(queue => queue.stop()));
    expect(ran.sort()).toEqual(ids.sort());
    expect(waits.map(({ rows }) => rows[0].waits)).toEqual(waits.map(() => 'on'));
  });
});
