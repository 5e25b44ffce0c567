// Tests of the journal on real databases: what is written together, refused, and tried again.
import { DatabaseConnections } from '@greenroom/backend-defaults/database';
import { ConfigReader } from '@backstage/config';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';
import { type TestDatabase, testDatabases } from '../testing/testDatabases';
import { migrateScaffolder } from './migrateScaffolder';
import { TaskJournal } from './TaskJournal';
import { TaskLeases } from './TaskLeases';
import { TaskStore } from './TaskStore';

const task = (id: string) => ({ id, spec: '{}', initiator: 'none' as const, secretNames: [] });

describe.each(testDatabases)('TaskJournal on %s', (_, makeDatabase) => {
  let database: TestDatabase;
  let connections: DatabaseConnections;
  let knex: Knex;
  let store: TaskStore;
  let warnings: string[];
  let written: string[][];
  let asked: string[];

  beforeEach(async () => {
    warnings = [];
    written = [];
    asked = [];
    database = await makeDatabase();
    const logger = { warn: (text: string) => warnings.push(text) } as unknown as LoggerService;
    connections = new DatabaseConnections(new ConfigReader({ backend: { database: database.config } }));
    knex = await connections.forPlugin('scaffolder', { logger }).getClient();
    await migrateScaffolder(knex);
    store = new TaskStore(knex);
    for (const id of ['a', 'b', 'c']) await store.create(task(id));
  });
  afterEach(async () => {
    await connections.close();
    await database.remove();
  });

  const journalOf = (holder: string, patienceMs = 10_000) =>
    new TaskJournal(knex, {
      holder,
      patienceMs,
      logger: { error: (text: string) => warnings.push(text), debug() {} } as unknown as LoggerService,
      onWritten: ids => void written.push([...ids].sort()),
      onCancelRequested: id => void asked.push(id),
    });
  const event = (message: string) => ({ type: 'log' as const, body: { message } });

  it('writes what several tasks have to say at once, in its order', async () => {
    const leases = new TaskLeases(knex, 'me');
    await leases.claim('a');
    await leases.claim('b');
    const journal = journalOf('me');
    await Promise.all([
      journal.append({ taskId: 'a', events: [event('1'), event('2')] }),
      journal.append({
        taskId: 'b',
        events: [event('3')],
        progress: { kind: 'step', key: '0', value: '{}' },
      }),
      journal.append({
        taskId: 'b',
        workspace: Buffer.from([0, 255]),
        progress: { kind: 'step', key: '0', value: '{"again":true}' },
      }),
      journal.append({ taskId: 'a', events: [event('4')] }),
    ]);
    expect(written).toEqual([['a', 'b']]);
    expect((await store.listEvents('a')).map(({ body }) => body.message)).toEqual(['1', '2', '4']);
    expect(await knex('scaffolder_task_progress').select('task_id', 'value')).toEqual([
      { task_id: 'b', value: '{"again":true}' },
    ]);
    expect(await knex('scaffolder_task_workspaces').pluck('archive')).toEqual([Buffer.from([0, 255])]);
  });

  it('lets what nobody waits for come along with the next entry, or follow by itself', async () => {
    const leases = new TaskLeases(knex, 'me');
    for (const id of ['a', 'b']) await leases.claim(id);
    const journal = journalOf('me');
    const line = journal.append({ taskId: 'a', events: [event('1')], canWait: true });
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
    await Promise.all([line, journal.append({ taskId: 'b', events: [event('2')] })]);
    expect(written).toEqual([['a', 'b']]);

    const ended = journal.append({ taskId: 'b', end: 'completed' });
    const late = journal.append({ taskId: 'a', events: [event('3')], canWait: true });
    await ended;
    await journal.append({ taskId: 'a', events: [event('4')], canWait: true });
    await late;
    expect((await store.listEvents('a')).map(({ body }) => body.message)).toEqual(['1', '3', '4']);
  });

  it('ends tasks, and removes what those that completed went on from', async () => {
    const leases = new TaskLeases(knex, 'me');
    for (const id of ['a', 'b']) await leases.claim(id);
    await knex('scaffolder_tasks').update({ sealed: 'secrets' });
    const journal = journalOf('me');
    const progress = { kind: 'step' as const, key: '0', value: '{}' };
    for (const taskId of ['a', 'b']) await journal.append({ taskId, progress, workspace: null });
    await Promise.all([
      journal.append({
        taskId: 'a',
        progress: { ...progress, key: '1' },
        end: 'completed',
        events: [event('end')],
      }),
      journal.append({ taskId: 'b', progress: { ...progress, key: '1' }, end: 'failed' }),
    ]);
    expect((await store.find('a'))!.status).toBe('completed');
    expect((await store.find('b'))!.status).toBe('failed');
    expect(await knex('scaffolder_task_progress').orderBy('key').select('task_id', 'key')).toEqual([
      { task_id: 'b', key: '0' },
      { task_id: 'b', key: '1' },
    ]);
    expect(await knex('scaffolder_task_workspaces').pluck('task_id')).toEqual(['b']);
    expect(await store.hasEnded('a')).toBe(true);
    // Whatever becomes of it, its secrets are not kept.
    expect(await knex('scaffolder_tasks').orderBy('id').select('id', 'holder', 'sealed')).toEqual([
      { id: 'a', holder: null, sealed: null },
      { id: 'b', holder: null, sealed: null },
      { id: 'c', holder: null, sealed: 'secrets' },
    ]);
  });

  it('refuses what a run writes whose task is held by another instance, has ended, or was freed', async () => {
    await new TaskLeases(knex, 'me').claim('a');
    await new TaskLeases(knex, 'other').claim('b');
    const journal = journalOf('me');
    const lost = {
      events: [event('mine')],
      progress: { kind: 'step' as const, key: '0', value: '{}' },
      workspace: Buffer.from([1]),
    };
    const outcomes = await Promise.allSettled([
      journal.append({ taskId: 'a', events: [event('mine')] }),
      journal.append({ ...lost, taskId: 'b', end: 'failed' }),
      journal.append({ ...lost, taskId: 'c', end: 'completed' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'GR_SCAFFOLDER_LOST' } });
    for (const id of ['b', 'c']) expect(await store.listEvents(id)).toEqual([]);
    expect((await store.findAll(['b', 'c'])).map(found => found!.status)).toEqual(['processing', 'open']);
    for (const table of ['progress', 'workspaces']) {
      expect(await knex(`scaffolder_task_${table}`).pluck('task_id')).toEqual([]);
    }
    // One that came back to it, and is to be run anew.
    await store.create({ ...task('d'), holder: 'me' });
    await expect(journal.append({ taskId: 'd', events: [event('early')] })).rejects.toMatchObject({
      code: 'GR_SCAFFOLDER_LOST',
    });
    await journal.append({ taskId: 'a', end: 'cancelled' });
    await expect(journal.append({ taskId: 'a', events: [event('late')] })).rejects.toMatchObject({
      code: 'GR_SCAFFOLDER_LOST',
    });
  });

  it('tells of tasks that are to be cancelled, and does not let them complete', async () => {
    for (const id of ['a', 'b']) await new TaskLeases(knex, 'me').claim(id);
    const journal = journalOf('me');
    const progress = { kind: 'step' as const, key: '0', value: '{}' };
    const end = { taskId: 'a', progress, events: [event('end')], end: 'completed' as const };
    expect(await store.cancel('a')).toBe('requested');
    const outcomes = await Promise.allSettled([
      journal.append({ taskId: 'a', events: [event('line')] }),
      journal.append(end),
      journal.append({ ...end, taskId: 'b' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'GR_SCAFFOLDER_CANCELLED' } });
    expect(asked).toEqual(['a']);
    expect((await store.find('a'))!.status).toBe('processing');
    expect((await store.find('b'))!.status).toBe('completed');
    await journal.append({ ...end, end: 'cancelled' });
    expect((await store.find('a'))!.status).toBe('cancelled');
    expect((await store.listEvents('a')).map(({ body }) => body.message)).toEqual(['line', 'end']);
    expect(await knex('scaffolder_task_progress').select('task_id', 'key')).toEqual([
      { task_id: 'a', key: '0' },
    ]);
    expect(await store.cancel('a')).toBe('cancelled');
  });

  it('keeps what a task goes on from that comes along with a completion that is refused', async () => {
    await new TaskLeases(knex, 'me').claim('a');
    await store.cancel('a');
    const journal = journalOf('me');
    const [progress, completion] = await Promise.allSettled([
      journal.append({
        taskId: 'a',
        progress: { kind: 'step', key: '0', value: '{}' },
        workspace: Buffer.from([1]),
      }),
      journal.append({
        taskId: 'a',
        progress: { kind: 'step', key: '1', value: '{}' },
        end: 'completed',
      }),
    ]);
    expect(written).toEqual([['a']]);
    expect([progress.status, completion.status]).toEqual(['fulfilled', 'rejected']);
    expect(await knex('scaffolder_task_progress').pluck('key')).toEqual(['0']);
    expect(await knex('scaffolder_task_workspaces').pluck('archive')).toEqual([Buffer.from([1])]);
  });

  it('does not let what can not be written keep other tasks waiting, nor try it for ever', async () => {
    const leases = new TaskLeases(knex, 'me');
    for (const id of ['a', 'b']) await leases.claim(id);
    const journal = journalOf('me', 1_000);
    const bad = journal.append({
      taskId: 'a',
      end: null as never,
      progress: { key: '0', kind: null as never, value: '' },
    });
    const outcomes = await Promise.allSettled([
      bad,
      journal.append({ taskId: 'b', events: [event('good')] }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(warnings).toEqual([
      'Writing down what happens in tasks failed, and is tried again until it works',
    ]);
    expect((await store.listEvents('b')).map(({ body }) => body.message)).toEqual(['good']);
  });
});
