// One instance of a plugin with a global task, in a process that a test can kill; writes when its runs begin and end.
import { ConfigReader } from '@backstage/config';
import { writeSync } from 'node:fs';
import { DatabaseConnections } from '../../services/database/DatabaseConnections';
import { DefaultSchedulerService } from '../../services/scheduler/DefaultSchedulerService';
import { MemoryLogger } from '../../testing/MemoryLogger';

const { database, leaseMs, workMs } = JSON.parse(process.argv[2]!);
const logger = new MemoryLogger();
const connections = new DatabaseConnections(new ConfigReader({ backend: { database } }));
const scheduler = new DefaultSchedulerService({
  pluginId: 'shared',
  database: connections.forPlugin('shared', { logger }),
  logger,
  leaseMs,
});

// The monotonic clock is the same for all processes of a machine.
const say = (what: string) => writeSync(1, `${what} ${process.hrtime.bigint()}\n`);

async function main(): Promise<void> {
  await scheduler.scheduleTask({
    id: 'work',
    frequency: { milliseconds: 1 },
    timeout: { minutes: 5 },
    fn: abort =>
      new Promise<void>(resolve => {
        say('begin');
        const end = () => {
          say(abort.aborted ? 'aborted' : 'end');
          resolve();
        };
        setTimeout(end, workMs);
        abort.addEventListener('abort', end);
      }),
  });
  await scheduler.start();
  say('ready');
}

void main();
