// What can happen to a task while it runs, and after: cancelled, failed, retried, too slow.
import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEvent } from '@backstage/plugin-scaffolder-common';
import type { JsonObject } from '@backstage/types';
import { coreServices, createServiceFactory, type ServiceFactory } from '@greenroom/backend-plugin-api';
import { eventsOf, eventually, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend, testToken } from '../testing/startScaffolderBackend';
import { type TestDatabase, testDatabases } from '../testing/testDatabases';

const step = (id: string, action: string, input: object = {}, extra: object = {}) => ({
  id,
  name: id,
  action: `test:${action}`,
  input,
  ...extra,
});
const count = '${{ parameters.folder }}/count';
const wait = { file: '${{ parameters.folder }}/go', log: '${{ parameters.folder }}/log' };

const templates = [
  template('waiting', [
    step('wait', 'wait-for', wait),
    step('after', 'append', { file: count, line: 'after' }),
  ]),
  template('deaf', [step('wait', 'wait-for', { ...wait, stubborn: true })]),
  template(
    'resumable',
    [
      step('files', 'write', { path: 'kept.txt', content: 'kept' }),
      step('link', 'write', { path: 'link', content: '${{ parameters.folder }}', isLink: true }),
      step('counted', 'append', { file: count, line: 'counted' }),
      step('items', 'append', { file: count, line: 'item ${{ each.value }}' }, { each: ['a', 'b'] }),
      step('fragile', 'once', { file: count, unless: '${{ parameters.folder }}/go' }),
      step('files-again', 'read'),
    ],
    {
      output: {
        files: '${{ steps["files-again"].output.files }}',
        urls: '${{ steps.items.output.remoteUrl }}',
        made: '${{ steps.fragile.output.made }}',
      },
    },
  ),
  ...[true, false].map(isGone =>
    template(`spoilt-${isGone}`, [step('spoil', 'spoil', { isGone }), step('after', 'read')]),
  ),
  template('laborious', [
    step(
      'items',
      'append',
      { file: count, line: '{% for i in range(60000) %}{% endfor %}item' },
      { each: '${{ range(5000) }}' },
    ),
  ]),
  template('open', [step('fragile', 'once', { file: count, unless: '${{ parameters.folder }}/go' })], {
    EXPERIMENTAL_recovery: { EXPERIMENTAL_strategy: 'startOver' },
  }),
];

/** Reads on until `ends` tasks or retries have ended, and gives all that was read so far. */
async function readEnds(reader: ReadableStreamDefaultReader<Uint8Array>, ends: number, text = '') {
  while (text.split('event: completion').length <= ends) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream has ended:\n${text}`);
    text += Buffer.from(value).toString();
  }
  return text;
}

describe.each(testDatabases)('a task on %s', (_, makeDatabase) => {
  let database: TestDatabase;
  let folder: string;
  const backends: ScaffolderBackend[] = [];

  beforeAll(async () => {
    database = await makeDatabase();
  });
  afterAll(() => database.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scaffolder-life-'));
  });
  afterEach(async () => {
    await Promise.all(backends.splice(0).map(backend => backend.stop()));
    await rm(folder, { recursive: true });
  });

  async function start(
    scaffolder: object = {},
    more: { config?: JsonObject; services?: ServiceFactory[] } = {},
  ) {
    const backend = await startScaffolderBackend({
      entities: templates,
      database: database.config,
      scaffolder: { ...scaffolder },
      ...more,
    });
    backends.push(backend);
    return scaffolderClient(backend.url);
  }

  const scaffold = (client: ReturnType<typeof scaffolderClient>, name: string) =>
    client.scaffold({ templateRef: `template:default/${name}`, values: { folder } });
  const contentOf = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');
  const appears = (name: string, text: string) =>
    eventually(async () => ((await contentOf(name)).includes(text) ? true : undefined));

  it.each([
    ['follows', {}],
    ['polls', { polling: true }],
  ])(
    'shows whoever %s it the log of a step that still runs',
    async (_how, options) => {
      await start();
      const client = scaffolderClient(backends[0]!.url, options);
      const { taskId } = await scaffold(client, 'waiting');
      // Only then does the step end.
      const answer = ({ body }: LogEvent) => {
        if (body.message === 'Waiting') void writeFile(join(folder, 'go'), '');
      };
      const events = await eventsOf(client, taskId, { onEvent: answer });
      expect(events.at(-1)!.body.status).toBe('completed');
    },
    60_000,
  );

  it('that may start over is followed beyond its failure, so that who has it open sees the retry', async () => {
    const client = await start();
    const { taskId } = await scaffold(client, 'open');
    const stream = await fetch(`${backends[0]!.url}/v2/tasks/${taskId}/eventstream`, {
      headers: { authorization: `Bearer ${testToken}` },
    });
    const reader = stream.body!.getReader();
    const failed = await readEnds(reader, 1);
    expect(failed).toContain('"status":"failed"');
    await writeFile(join(folder, 'go'), '');
    await client.retry(taskId);
    const retried = (await readEnds(reader, 2, failed)).slice(failed.length);
    expect(retried).toContain('event: recovered');
    expect(retried).toMatch(/event: completion.*"status":"completed"/s);
    // A backend that stops ends it.
    const next = reader.read();
    await backends.pop()!.stop();
    expect((await next).done).toBe(true);
  }, 60_000);

  it('is ended by cancelling while its action runs', async () => {
    const client = await start();
    const { taskId } = await scaffold(client, 'waiting');
    const followed = eventsOf(client, taskId);
    await appears('log', 'begin');
    expect(await client.cancelTask(taskId)).toEqual({ status: 'cancelled' });
    const events = await followed;
    expect(events.slice(-2).map(({ type, body }) => [type, body.status])).toEqual([
      ['cancelled', 'cancelled'],
      ['completion', 'cancelled'],
    ]);
    expect(await contentOf('log')).toBe('begin\naborted GR_SCAFFOLDER_CANCELLED\n');
    expect((await client.getTask(taskId)).status).toBe('cancelled');
    expect(await contentOf('count')).toBe('');
    expect(await client.cancelTask(taskId)).toEqual({ status: 'cancelled' });
  }, 60_000);

  it('is ended by cancelling while the inputs for its items are made, which may take a while', async () => {
    const client = await start();
    const { taskId } = await scaffold(client, 'laborious');
    let begun!: () => void;
    const begins = new Promise<void>(resolve => (begun = resolve));
    const followed = eventsOf(client, taskId, { onEvent: () => begun() });
    await begins;
    await client.cancelTask(taskId);
    expect((await followed).map(({ type, body }) => [type, body.status])).toEqual([
      ['log', 'processing'],
      ['cancelled', 'cancelled'],
      ['completion', 'cancelled'],
    ]);
  }, 20_000);

  it('is ended by cancelling before it began, and begins with a retry', async () => {
    const client = await start({ concurrentTasksLimit: 1 });
    const first = await scaffold(client, 'waiting');
    await appears('log', 'begin');
    const second = await scaffold(client, 'waiting');
    expect((await client.getTask(second.taskId)).status).toBe('open');
    await client.cancelTask(second.taskId);
    const events = await eventsOf(client, second.taskId);
    expect(events.map(({ type }) => type)).toEqual(['cancelled', 'completion']);

    expect(await client.retry(second.taskId)).toEqual({ id: second.taskId });
    await expect(client.retry(first.taskId)).rejects.toMatchObject({ statusCode: 409 });
    await writeFile(join(folder, 'go'), '');
    const all = await Promise.all([first, second].map(({ taskId }) => eventsOf(client, taskId)));
    expect(all.map(list => list.at(-1)!.body.status)).toEqual(['completed', 'completed']);
    expect(await contentOf('count')).toBe('after\nafter\n');
    await expect(client.cancelTask(first.taskId)).rejects.toMatchObject({
      statusCode: 409,
      body: { error: { message: expect.stringContaining('it is completed, and it has ended') } },
    });
  }, 60_000);

  it('goes on where it failed: finished steps and checkpoints are not run twice, and files are back', async () => {
    const client = await start();
    const { taskId } = await scaffold(client, 'resumable');
    const failed = await eventsOf(client, taskId);
    expect(failed.at(-1)!.body).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(`There is no ${folder}/go`),
    });
    const once = 'counted\nitem a\nitem b\nmade\n';
    expect(await contentOf('count')).toBe(once);

    await writeFile(join(folder, 'go'), '');
    await client.retry(taskId);
    const events = await eventsOf(client, taskId);
    expect(events.filter(({ type }) => type !== 'log').map(({ type }) => type)).toEqual([
      'recovered',
      'completion',
    ]);
    expect(events.map(({ body }) => body.message)).toContain(
      "The workspace is restored without the symbolic links that lead out of it or can't be followed: link",
    );
    expect(events.at(-1)!.body).toMatchObject({
      status: 'completed',
      output: {
        files: { 'kept.txt': 'kept' },
        urls: ['https://example.com/item a', 'https://example.com/item b'],
        made: 'a thing',
      },
    });
    expect(await contentOf('count')).toBe(once);
  }, 60_000);

  it('is ended when it takes too long', async () => {
    const client = await start({ taskTimeout: { seconds: 3 } });
    const { taskId } = await scaffold(client, 'waiting');
    const events = await eventsOf(client, taskId);
    expect(events.at(-1)!.body).toMatchObject({ status: 'failed', error: { code: 'GR_SCAFFOLDER_TIMEOUT' } });
    expect(await contentOf('log')).toBe('begin\naborted GR_SCAFFOLDER_TIMEOUT\n');
  }, 60_000);

  it('is finished before the backend stops, if it comes to its end in time', async () => {
    const client = await start();
    const { taskId } = await scaffold(client, 'waiting');
    await appears('log', 'begin');
    const stopped = backends.pop()!.stop();
    await writeFile(join(folder, 'go'), '');
    await stopped;
    expect((await (await start()).getTask(taskId)).status).toBe('completed');
    expect(await contentOf('count')).toBe('after\n');
  }, 60_000);

  it('does not keep the backend from stopping while somebody follows it', async () => {
    const client = await start({ shutdownTimeout: { milliseconds: 100 } });
    const { taskId } = await scaffold(client, 'waiting');
    await appears('log', 'begin');
    const backend = backends.pop()!;
    const headers = { authorization: `Bearer ${testToken}` };
    const stream = await fetch(`${backend.url}/v2/tasks/${taskId}/eventstream`, { headers });
    const texts = stream.body!.pipeThrough(new TextDecoderStream());
    let received = '';
    let stopped: Promise<unknown> | undefined;
    // Cut off, it would reject.
    for await (const text of texts) {
      received += text;
      // Not earlier: a stop is what ends it, also before its first event.
      if (received.includes('event: log')) stopped ??= backend.stop();
    }
    expect(await stopped).toMatchObject({ outcome: 'success' });
  }, 60_000);

  it('is handed over when the backend stops before it has ended', async () => {
    const client = await start({ shutdownTimeout: { milliseconds: 100 } });
    const { taskId } = await scaffold(client, 'waiting');
    await appears('log', 'begin');
    await backends.pop()!.stop();
    expect(await contentOf('log')).toBe('begin\naborted GR_SCAFFOLDER_HANDED_OVER\n');
    await writeFile(join(folder, 'go'), '');
    const next = await start();
    const events = await eventsOf(next, taskId);
    expect(events.map(({ type }) => type)).toContain('recovered');
    expect(events.at(-1)!.body.status).toBe('completed');
    expect(await contentOf('count')).toBe('after\n');
  }, 60_000);

  it.each([
    ['goes on', 'five lost instances', 5, {}, { status: 'completed' }],
    ['fails', 'six', 6, {}, { status: 'failed', message: expect.stringContaining('6 times') }],
    [
      'fails',
      'a lost instance where that is switched off',
      1,
      { taskRecovery: { enabled: false } },
      { status: 'failed', message: expect.stringContaining('scaffolder.taskRecovery says so') },
    ],
    [
      'goes on',
      'an instance that stopped, also where that is switched off',
      0,
      { taskRecovery: { enabled: false } },
      { status: 'completed' },
    ],
  ])(
    '%s after %s',
    async (_how, _what, interruptions, settings, end) => {
      const client = await start({ shutdownTimeout: { milliseconds: 100 } });
      const { taskId } = await scaffold(client, 'waiting');
      await appears('log', 'begin');
      await backends.pop()!.stop();
      const open = database.open();
      await open('scaffolder_tasks').where({ id: taskId }).update({ interruptions });
      await open.destroy();
      await writeFile(join(folder, 'go'), '');
      const next = await start(settings);
      const events = await eventsOf(next, taskId);
      expect(events.at(-1)!.body).toMatchObject(end);
      expect(await contentOf('count')).toBe(end.status === 'completed' ? 'after\n' : '');
      if (end.status === 'completed') return;
      // Whoever asks for it takes the blame.
      await next.retry(taskId);
      expect((await eventsOf(next, taskId)).at(-1)!.body.status).toBe('completed');
    },
    60_000,
  );

  it('is handed over by a stop with the default limits, though its action ignores the signal', async () => {
    const client = await start();
    const { taskId } = await scaffold(client, 'deaf');
    await appears('log', 'begin');
    expect(await backends.pop()!.stop()).toMatchObject({ outcome: 'success' });
    const open = database.open();
    expect(await open('scaffolder_tasks').where({ id: taskId }).first('status')).toEqual({ status: 'open' });
    await open.destroy();
    await writeFile(join(folder, 'go'), '');
    expect((await eventsOf(await start(), taskId)).at(-1)!.body.status).toBe('completed');
  }, 60_000);

  it.each([
    ['waiting', '1s'],
    // Its action ignores the signal for as long as it may.
    ['deaf', '4s'],
  ])(
    'is handed over where a stop has no time for it: %s',
    async (name, shutdownHookTimeout) => {
      const config = { backend: { lifecycle: { shutdownHookTimeout } } };
      const client = await start({ shutdownTimeout: '60s' }, { config });
      const { taskId } = await scaffold(client, name);
      await appears('log', 'begin');
      await backends.pop()!.stop();
      const open = database.open();
      expect(await open('scaffolder_tasks').where({ id: taskId }).first('status')).toEqual({
        status: 'open',
      });
      await open.destroy();
      await writeFile(join(folder, 'go'), '');
      expect((await eventsOf(await start(), taskId)).at(-1)!.body.status).toBe('completed');
    },
    60_000,
  );

  it('is finished by a stop whose hooks all begin at once, as in an engine of Backstage', async () => {
    const begun = new EventEmitter();
    const lifecycle = createServiceFactory({
      service: coreServices.lifecycle,
      deps: { root: coreServices.rootLifecycle },
      factory({ root }) {
        const hooks: Array<() => void | Promise<void>> = [];
        root.addBeforeShutdownHook(async () => {
          const ended = hooks.map(async hook => hook());
          begun.emit('begun');
          await Promise.all(ended);
        });
        return {
          addStartupHook: hook => root.addStartupHook(hook),
          addShutdownHook: hook => void hooks.push(hook),
        };
      },
    });
    const client = await start({}, { services: [lifecycle] });
    const { taskId } = await scaffold(client, 'waiting');
    await appears('log', 'begin');
    begun.once('begun', () => void writeFile(join(folder, 'go'), ''));
    await backends.pop()!.stop();
    const open = database.open();
    const { status } = await open('scaffolder_tasks').where({ id: taskId }).first('status');
    await open.destroy();
    expect([status, await contentOf('count')]).toEqual(['completed', 'after\n']);
  }, 60_000);

  it.each([
    [true, "The task failed: ENOENT: no such file or directory, scandir '.'"],
    [
      false,
      "The task failed: The workspace can't be kept with 'caf\ufffd', whose name is not UTF-8: rename or delete it in the step that makes it",
    ],
  ])('says why its workspace can not be kept, and not where it is: gone %s', async (isGone, message) => {
    const client = await start();
    const { taskId } = await scaffold(client, `spoilt-${isGone}`);
    const events = await eventsOf(client, taskId);
    expect(events.at(-1)!.body).toMatchObject({ status: 'failed', message });
    expect(JSON.stringify(events)).not.toContain(tmpdir());
  });

  it('does not go on without files that were too many to keep', async () => {
    const client = await start({ taskRecovery: { maxWorkspaceSize: 3 } });
    const { taskId } = await scaffold(client, 'resumable');
    await eventsOf(client, taskId);
    await writeFile(join(folder, 'go'), '');
    await client.retry(taskId);
    expect((await eventsOf(client, taskId)).at(-1)!.body).toMatchObject({
      status: 'failed',
      message: expect.stringContaining("its workspace can't be restored: it was larger than the 3 bytes"),
    });
  }, 60_000);
});
