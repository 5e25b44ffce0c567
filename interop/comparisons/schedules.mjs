// Schedules the same random tasks with both implementations, and compares their next run times.
import { createBackend as theirs } from '@backstage/backend-defaults';
import { ConfigReader } from '@backstage/config';
import { coreServices, createBackendPlugin, createServiceFactory } from '@backstage/backend-plugin-api';
import { createBackend as ours } from '@greenroom/backend-defaults';
import { freePorts } from '../../scripts/lib/freePorts.mjs';
import { randomChoices } from '../lib/randomChoices.mjs';

const path = '/api/shop/.backstage/scheduler/v1/tasks';
const odd = [
  ...['@daily', '@hourly', '@weekly', '@monthly', '@yearly', '@never', '0 0 31 2 *', 'a', '* * * *', ''],
  ...['60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '5-1 * * * *', '*/0 * * * *', '1.5 * * * *'],
  ...[' 0 5 * * * ', '0  5 * * *', '0 5 * * sun-tue', '0 5 * * 7', '0 5 1 JAN *', '0 5 * * 5', '0 5 13 * 5'],
];

/** Yields a text for each difference. */
export async function* compare(count) {
  const choices = randomChoices(1);
  const crons = [...odd, ...Array.from({ length: count - odd.length }, () => randomCron(choices))];
  const [here, there] = [await times(ours, crons), await times(theirs, crons)];
  const soon = Date.now() + 120_000;
  for (const [nr, cron] of crons.entries()) {
    const [mine, published] = [here.get(nr), there.get(nr)];
    // The published one is a second early. Tasks due between the two queries have different times.
    const same = mine === published || Math.abs(mine - published) < 2_000;
    if (!same && !(mine < soon && published < soon)) {
      yield `'${cron}'\nhere: ${tell(mine)}\nthere: ${tell(published)}`;
    }
  }
}

function randomCron({ below, chance, pick }) {
  const field = (from, to) => {
    const number = () => from + below(to - from + 1);
    const range = () => {
      const begin = from + below(to - from);
      return `${begin}-${begin + 1 + below(to - begin)}`;
    };
    const part = () => pick([number, number, range, () => `${range()}/${1 + below(5)}`])();
    if (chance(0.3)) return '*';
    return pick([() => `*/${1 + below(to - from)}`, part, part, () => `${part()},${part()}`])();
  };
  // If both day fields are given, either may match, unless one of them covers every day.
  const [day, weekday] = pick([
    ['*', '*'],
    ['*', field(0, 6)],
    [field(1, 31), '*'],
    [1 + below(31), below(7)],
  ]);
  const minute = chance(0.2) ? `${below(60)}/${1 + below(50)}` : field(0, 59);
  return [...(chance(0.2) ? [below(60)] : []), minute, field(0, 23), day, field(1, 12), weekday].join(' ');
}

/** The next run time of each task in milliseconds since 1970; rejected tasks are missing. */
async function times(createBackend, crons) {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const config = new ConfigReader({
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
      database: { client: 'better-sqlite3', connection: ':memory:' },
      auth: { dangerouslyDisableDefaultAuthPolicy: true },
    },
  });
  const backend = createBackend();
  backend.add(createServiceFactory({ service: coreServices.rootConfig, deps: {}, factory: () => config }));
  backend.add(makePlugin(crons));
  await backend.start();
  const { tasks } = await (await fetch(url + path)).json();
  await backend.stop();
  return new Map(tasks.map(({ taskId, taskState }) => [Number(taskId), Date.parse(taskState.startsAt)]));
}

function makePlugin(crons) {
  return createBackendPlugin({
    pluginId: 'shop',
    register(env) {
      env.registerInit({
        deps: { scheduler: coreServices.scheduler },
        async init({ scheduler }) {
          for (const [nr, cron] of crons.entries()) {
            const task = { id: String(nr), frequency: { cron }, timeout: { minutes: 1 }, fn() {} };
            await scheduler.scheduleTask(task).catch(() => {});
          }
        },
      });
    },
  });
}

function tell(time) {
  return time === undefined ? 'refused' : Number.isNaN(time) ? 'no time' : new Date(time).toISOString();
}
