// What becomes of tasks, of the log and of a stop while PostgreSQL can't be reached (set GREENROOM_TEST_POSTGRES to a URL).
import { TcpProxy } from '@greenroom/testing';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf, eventually, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend } from '../testing/startScaffolderBackend';
import { type TestDatabase, testDatabases } from '../testing/testDatabases';

const server = process.env.GREENROOM_TEST_POSTGRES;
const folder = '${{ parameters.folder }}';
const entities = [
  template('waits', [
    {
      id: 'wait',
      name: 'wait',
      action: 'test:wait-for',
      input: { file: `${folder}/go`, log: `${folder}/log` },
    },
  ]),
];

(server ? describe : describe.skip)(
  'an outage (skipped where GREENROOM_TEST_POSTGRES names no server)',
  () => {
    jest.setTimeout(120_000);
    let database: TestDatabase;
    let proxy: TcpProxy;
    let workplace: string;
    let backend: ScaffolderBackend;

    beforeEach(async () => {
      database = await testDatabases.find(([name]) => name === 'PostgreSQL')![1]();
      proxy = await TcpProxy.start(server!);
      workplace = await mkdtemp(join(tmpdir(), 'scaffolder-outage-'));
      backend = await start(proxy.through(server!), { seconds: 30 });
    });
    afterEach(async () => {
      await proxy.stop();
      await backend.stop();
      await database.remove();
      await rm(workplace, { recursive: true });
    });

    const start = (connection: string, staleTimeout: object) =>
      startScaffolderBackend({
        entities,
        database: { ...database.config, connection },
        scaffolder: { concurrentTasksLimit: 1, taskRecovery: { staleTimeout } },
      });
    const told = () => backend.lines.filter(line => /^(warn|error)/.test(line));
    const until = (text: string) =>
      eventually(async () => backend.lines.some(line => line.includes(text)) || undefined);
    const begun = (times: number) =>
      eventually(async () => {
        const log = await readFile(join(workplace, 'log'), 'utf8').catch(() => '');
        return log.split('begin').length > times || undefined;
      });
    async function scaffold(): Promise<string> {
      const values = { folder: workplace };
      return (await scaffolderClient(backend.url).scaffold({ templateRef: 'template:default/waits', values }))
        .taskId;
    }

    it('is told in one line, and one when it is over', async () => {
      proxy.refuse();
      await until("can't be used");
      await new Promise(resolve => setTimeout(resolve, 5_000));
      proxy.mode = 'pass';
      await until('is used again');
      await writeFile(join(workplace, 'go'), '');
      const events = await eventsOf(scaffolderClient(backend.url), await scaffold());
      expect(events.at(-1)!.body.status).toBe('completed');
      expect(told()).toEqual([expect.stringContaining("can't be used")]);
    });

    it('in silence keeps no backend from stopping soon, with a task that runs and goes on elsewhere', async () => {
      const taskId = await scaffold();
      await begun(1);
      proxy.mode = 'hang';
      const result = (await backend.stop()) as { outcome: string; durationMs: number };
      expect(result).toMatchObject({ outcome: 'success' });
      expect(result.durationMs).toBeLessThan(13_000);
      expect(told()).toEqual([expect.stringContaining(`The task '${taskId}' is left to be taken over`)]);

      backend = await start(server!, { seconds: 2 });
      await begun(2);
      await writeFile(join(workplace, 'go'), '');
      const events = await eventsOf(scaffolderClient(backend.url), taskId);
      expect(events.at(-1)!.body.status).toBe('completed');
    });
  },
);
