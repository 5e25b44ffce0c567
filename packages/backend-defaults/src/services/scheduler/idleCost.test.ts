// What an idle scheduler asks of its database, counted over minutes of fake time.
import { ConfigReader } from '@backstage/config';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { DatabaseConnections } from '../database/DatabaseConnections';
import { DefaultSchedulerService } from './DefaultSchedulerService';

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

it('does not ask a database that does not answer more than every 5 seconds', async () => {
  const connections = new DatabaseConnections(new ConfigReader({}));
  const database = connections.forPlugin('failing', { logger });
  const knex = await database.getClient();
  const scheduler = new DefaultSchedulerService({ pluginId: 'failing', database, logger });
  await scheduler.scheduleTask({ id: 'a', frequency: { hours: 1 }, timeout: { minutes: 1 }, fn() {} });
  await knex.schema.dropTable('greenroom_scheduler_tasks');
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
    await scheduler.stop();
  } finally {
    jest.useRealTimers();
    await connections.close();
  }
});
