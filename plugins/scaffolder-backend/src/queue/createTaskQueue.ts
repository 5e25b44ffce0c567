// Chooses the queue that fits the database.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { isPostgres } from '../database/databaseNow';
import type { TaskStore } from '../database/TaskStore';
import { LocalTaskQueue } from './LocalTaskQueue';
import type { TaskQueue } from './TaskQueue';

/** PostgreSQL may have several instances; what lies in SQLite belongs to one. */
export async function createTaskQueue(
  knex: Knex,
  options: {
    store: TaskStore;
    holder: string;
    concurrency: number;
    logger: LoggerService;
    migrate: boolean;
  },
): Promise<TaskQueue> {
  if (!isPostgres(knex)) return new LocalTaskQueue(() => options.store.listOpenIds());
  const { GraphileTaskQueue } = await import('./GraphileTaskQueue');
  return GraphileTaskQueue.connect(knex, options);
}
