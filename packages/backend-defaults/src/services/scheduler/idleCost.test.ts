// What an idle scheduler asks of its database, counted over minutes of fake time.
import { ConfigReader } from '@backstage/config';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseConnections } from '../database/DatabaseConnections';
import { DefaultSchedulerService } from './DefaultSchedulerService';
import { tasksTable } from './tasksTable';

const logger = new MemoryLogger();

/** Lets time pass second by second, so that queries are answered in between. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await jest.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  }
}

it('asks 2 queries a minute for all global tasks of a plugin, as its page says, and none once it is stopped', async () => {
  const connections = new DatabaseConnections(new ConfigReader({}));
  const database = connections.forPlugin('idle', { logger });
  const knex = await database.getClient();
  const scheduler = new DefaultSchedulerService({ pluginId: 'idle', database, logger });
  const task = { timeout: { minutes: 1 }, fn() {} };
  for (let count = 0; count < 20; count++) {
    await scheduler.scheduleTask({ ...task, id: `manual ${count}`, frequency: { trigger: 'manual' } });
    await scheduler.scheduleTask({ ...task, id: `later ${count}`, frequency: { cron: '0 0 1 1 *' } });
    await scheduler.scheduleTask({
      ...task,
      id: `delayed ${count}`,
      frequency: { hours: 1 },
      initialDelay: { hours: 1 },
    });
  }
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
  try {
    let queries = 0;
    knex.on('query', () => queries++);
    await scheduler.start();
    await pass(600);
    expect(queries).toBe(20);
    await scheduler.stop();
    await pass(120);
    expect(queries).toBe(20);
  } finally {
    jest.useRealTimers();
    await connections.close();
  }
});

it('asks 2 queries for a run and 1 for each third of the lease, and 2 of who comes too late, as its page says', async () => {
  const connections = new DatabaseConnections(new ConfigReader({}));
  const database = connections.forPlugin('running', { logger });
  const knex = await database.getClient();
  const instances = [1, 2].map(() => new DefaultSchedulerService({ pluginId: 'running', database, logger }));
  // From the beginning, as both have to know what the clock of the database shows.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
  try {
    const task = { timeout: { minutes: 10 }, frequency: { hours: 1 } };
    const fn = () => new Promise<void>(resolve => void setTimeout(resolve, 25_000));
    const [first, late] = instances as [DefaultSchedulerService, DefaultSchedulerService];
    for (const scheduler of instances) await scheduler.scheduleTask({ ...task, id: 'long', fn });
    let queries = 0;
    knex.on('query', () => queries++);
    await first.start();
    await pass(1);
    expect(queries).toBe(1);
    await late.start();
    await pass(1);
    expect(queries).toBe(1 + 2);
    await late.stop();
    // Renewed at 10 and 20 s, and given back at 25 s.
    await pass(24);
    expect(queries).toBe(2 + 2 + 2);
  } finally {
    await Promise.all(instances.map(scheduler => scheduler.stop()));
    jest.useRealTimers();
    await connections.close();
  }
});

it('asks a database that does not answer every 5 seconds at most, and goes on when it is back', async () => {
  const connections = new DatabaseConnections(new ConfigReader({}));
  const database = connections.forPlugin('failing', { logger });
  const knex = await database.getClient();
  const scheduler = new DefaultSchedulerService({ pluginId: 'failing', database, logger });
  const fn = jest.fn();
  await scheduler.scheduleTask({ id: 'a', frequency: { hours: 1 }, timeout: { minutes: 1 }, fn });
  await knex.schema.renameTable(tasksTable, 'away');
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] });
  try {
    let queries = 0;
    knex.on('query', () => queries++);
    await scheduler.start();
    await pass(60);
    expect(queries).toBeGreaterThan(5);
    expect(queries).toBeLessThanOrEqual(13);
    const warnings = logger.entries.filter(entry => entry.level === 'warn');
    expect(warnings).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('no such table: greenroom_scheduler_tasks'),
      }),
    ]);
    expect(fn).not.toHaveBeenCalled();
    await knex.schema.renameTable('away', tasksTable);
    await pass(6);
    expect(fn).toHaveBeenCalledTimes(1);
    await scheduler.stop();
  } finally {
    jest.useRealTimers();
    await connections.close();
  }
});
