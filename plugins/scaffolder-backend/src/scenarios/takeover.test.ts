// Tasks outlive the instance that runs them: real processes, which are killed, on a real database.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsOf, eventually, scaffolderClient } from '../testing/scaffolderClient';
import { ScaffolderProcess } from '../testing/ScaffolderProcess';
import { template } from '../testing/standInCatalog';
import { dumpDatabase, type TestDatabase, testDatabases } from '../testing/testDatabases';

const step = (id: string, action: string, input: object = {}) => ({
  id,
  name: id,
  action: `test:${action}`,
  input,
});
const count = '${{ parameters.folder }}/count';
const wait = { file: '${{ parameters.folder }}/go', log: '${{ parameters.folder }}/log' };
const name = '${{ parameters.name }}';

const steps = [
  step('files', 'write', { path: 'kept.txt', content: '${{ secrets.word }} kept' }),
  step('counted', 'append', { file: count, line: `first ${name}` }),
  step('known', 'echo', { text: 'it is ${{ secrets.word }}' }),
  step('wait', 'wait-for', wait),
  step('files-again', 'read'),
  step('last', 'append', { file: count, line: `last ${name}` }),
];
const output = {
  files: '${{ steps["files-again"].output.files }}',
  known: '${{ steps.known.output.text }}',
};
const recovery = (EXPERIMENTAL_strategy: string) => ({ EXPERIMENTAL_recovery: { EXPERIMENTAL_strategy } });
const entities = [
  template('long', steps, { output }),
  template('never-again', steps, recovery('none')),
  template('start-over', steps, recovery('startOver')),
];
const secrets = { word: 'a-very-secret-word' };
const shared = { taskSecrets: { keys: ['the key of these tests'] } };
// Twice the shortest: machines that are kept busy by other tests are not to be taken for lost.
const staleTimeout = { seconds: 2 };

describe.each(testDatabases)('tasks on %s', (kind, makeDatabase) => {
  jest.setTimeout(120_000);
  let database: TestDatabase;
  let folder: string;
  const processes: ScaffolderProcess[] = [];

  beforeEach(async () => {
    database = await makeDatabase();
    folder = await mkdtemp(join(tmpdir(), 'scaffolder-takeover-'));
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map(one => one.kill('SIGKILL')));
    await database.remove();
    await rm(folder, { recursive: true });
  });

  async function start(scaffolder: object = shared) {
    const one = await ScaffolderProcess.start({
      entities,
      database: database.config,
      scaffolder: { taskRecovery: { staleTimeout }, ...scaffolder },
    });
    processes.push(one);
    return one;
  }

  const contentOf = (file: string) => readFile(join(folder, file), 'utf8').catch(() => '');
  const linesOf = async (file: string) => (await contentOf(file)).split('\n').filter(Boolean).sort();
  const begun = (tasks: number) =>
    eventually(async () => ((await linesOf('log')).length >= tasks ? true : undefined));
  const scaffold = async (at: ScaffolderProcess, templateName = 'long', more: object = { secrets }) => {
    const { taskId } = await scaffolderClient(at.url).scaffold({
      templateRef: `template:default/${templateName}`,
      values: { folder, name: 'one' },
      ...more,
    });
    return taskId;
  };

  it('go on after kill -9 where they were, with their secrets, outputs and files', async () => {
    const first = await start();
    const taskId = await scaffold(first);
    await begun(1);
    await first.kill('SIGKILL');
    await writeFile(join(folder, 'go'), '');

    const second = await start();
    const events = await eventsOf(scaffolderClient(second.url), taskId);
    expect(events.map(({ type }) => type)).toContain('recovered');
    expect(events.at(-1)!.body).toMatchObject({
      status: 'completed',
      output: { files: { 'kept.txt': '*** kept' }, known: 'it is ***' },
    });
    expect(await linesOf('count')).toEqual(['first one', 'last one']);
  });

  it('say what to do where the key of their secrets died with the instance', async () => {
    const first = await start({});
    const withSecrets = await scaffold(first);
    const without = await scaffold(first, 'long', { secrets: {} });
    await begun(2);
    await first.kill('SIGKILL');
    await writeFile(join(folder, 'go'), '');
    const second = await start({});
    const client = scaffolderClient(second.url);
    expect((await eventsOf(client, withSecrets)).at(-1)!.body).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('set one, the same for all instances'),
    });
    expect((await eventsOf(client, without)).at(-1)!.body).toMatchObject({ status: 'completed' });
  });

  it.each([
    ['never-again', 'failed', ['first one']],
    ['start-over', 'completed', ['first one', 'first one', 'last one']],
  ])('of the template %s end as it says: %s', async (templateName, status, counted) => {
    const first = await start();
    const taskId = await scaffold(first, templateName);
    await begun(1);
    await first.kill('SIGKILL');
    await writeFile(join(folder, 'go'), '');
    const second = await start();
    expect((await eventsOf(scaffolderClient(second.url), taskId)).at(-1)!.body.status).toBe(status);
    expect(await linesOf('count')).toEqual(counted);
  });

  // SQLite belongs to a single instance.
  if (kind === 'PostgreSQL') {
    it('of several instances all end once, though one of these is killed and another one stopped', async () => {
      const instances = await Promise.all([start(), start(), start()]);
      const names = Array.from({ length: 12 }, (_, at) => `task-${at}`);
      const ids = await Promise.all(
        names.map((taskName, at) =>
          scaffold(instances[at % 3]!, 'long', { secrets, values: { folder, name: taskName } }),
        ),
      );
      await begun(12);
      const [killed, stopped, left] = instances as [ScaffolderProcess, ScaffolderProcess, ScaffolderProcess];
      // Followed where they do not run.
      const client = scaffolderClient(left.url);
      const followed = Promise.all(ids.map(id => eventsOf(client, id)));
      const stopping = stopped.kill('SIGTERM');
      await killed.kill('SIGKILL');
      await writeFile(join(folder, 'go'), '');
      await stopping;
      const all = await followed;
      expect(all.map(events => events.at(-1)!.body.status)).toEqual(ids.map(() => 'completed'));
      expect(all.map(events => events.filter(({ type }) => type === 'completion').length)).toEqual(
        ids.map(() => 1),
      );
      expect(await linesOf('count')).toEqual(names.flatMap(one => [`first ${one}`, `last ${one}`]).sort());
    });

    it('that wait for an instance which is lost, as only it can read their secrets, end too', async () => {
      const first = await start({ concurrentTasksLimit: 1 });
      await scaffold(first, 'long', { secrets: {} });
      await begun(1);
      const waiting = await scaffold(first);
      const second = await start({});
      const client = scaffolderClient(second.url);
      expect((await client.getTask(waiting)).status).toBe('open');
      await first.kill('SIGKILL');
      await writeFile(join(folder, 'go'), '');
      expect((await eventsOf(client, waiting)).at(-1)!.body).toMatchObject({
        status: 'failed',
        message: expect.stringContaining('set one, the same for all instances'),
      });
    });

    it('are kept for a living instance that alone can read their secrets, if it runs any', async () => {
      const busy = await start({ concurrentTasksLimit: 1 });
      const [idle, other] = await Promise.all([start({ concurrentTasksLimit: 0 }), start({})]);
      const client = scaffolderClient(other.url);
      const ahead = await scaffold(busy);
      await begun(1);
      const kept = await scaffold(busy);
      const left = await scaffold(idle);
      expect((await eventsOf(client, left)).at(-1)!.body.status).toBe('failed');
      const open = database.open();
      const beats = async () => {
        const row = await open('scaffolder_tasks').where({ id: kept }).first('status', 'last_heartbeat_at');
        expect(row.status).toBe('open');
        return Number(row.last_heartbeat_at);
      };
      // Longer than an instance is waited for that shows no sign of life.
      const before = await beats();
      await eventually(async () => ((await beats()) > before + 1_500 ? true : undefined));
      await open.destroy();
      await writeFile(join(folder, 'go'), '');
      for (const id of [ahead, kept]) {
        expect((await eventsOf(client, id)).at(-1)!.body.status).toBe('completed');
      }
    });

    it('are not disturbed by an instance of the same machine that was only taken for lost', async () => {
      const hanging = await start();
      const taskId = await scaffold(hanging);
      await begun(1);
      hanging.pause();
      const other = await start();
      await begun(2);
      hanging.resume();
      await eventually(
        async () => (await contentOf('log')).includes('aborted GR_SCAFFOLDER_LOST') || undefined,
      );
      // By then it has cleaned up.
      await hanging.kill('SIGTERM');
      await writeFile(join(folder, 'go'), '');
      expect((await eventsOf(scaffolderClient(other.url), taskId)).at(-1)!.body).toMatchObject({
        status: 'completed',
        output: { files: { 'kept.txt': '*** kept' } },
      });
    });

    it('can be cancelled at an instance that does not run them', async () => {
      const [runs] = await Promise.all([start(), start({ ...shared, concurrentTasksLimit: 0 })]);
      const other = processes.find(one => one !== runs)!;
      const taskId = await scaffold(other);
      await begun(1);
      await scaffolderClient(other.url).cancelTask(taskId);
      expect((await eventsOf(scaffolderClient(other.url), taskId)).at(-1)!.body.status).toBe('cancelled');
      expect(await contentOf('log')).toContain('aborted GR_SCAFFOLDER_CANCELLED');
    });

    it('run no further step once that is done, however soon the next heartbeat is', async () => {
      const slowly = { ...shared, taskRecovery: { staleTimeout: { minutes: 1 } } };
      await Promise.all([start(slowly), start({ ...slowly, concurrentTasksLimit: 0 })]);
      const client = scaffolderClient(processes.at(-1)!.url);
      const taskId = await scaffold(processes.at(-1)!);
      await begun(1);
      await client.cancelTask(taskId);
      await writeFile(join(folder, 'go'), '');
      expect((await eventsOf(client, taskId)).at(-1)!.body.status).toBe('cancelled');
      expect(await linesOf('count')).toEqual(['first one']);
    });
  }

  it('leave no secret in the database in clear, neither while they run nor after', async () => {
    const instance = await start();
    const taskId = await scaffold(instance);
    await begun(1);
    expect(await dumpDatabase(database)).not.toContain(secrets.word);
    await writeFile(join(folder, 'go'), '');
    const events = await eventsOf(scaffolderClient(instance.url), taskId);
    expect(JSON.stringify(events)).not.toContain(secrets.word);
    expect(JSON.stringify(events)).toContain('Echo: it is ***');
    expect(await dumpDatabase(database)).not.toContain(secrets.word);
    const open = database.open();
    expect(await open('scaffolder_tasks').first('sealed', 'secret_names')).toEqual({
      sealed: null,
      secret_names: '["word"]',
    });
    await open.destroy();
  });
});
