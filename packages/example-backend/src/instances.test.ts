// Two instances of the catalog and two of the scaffolder behind nginx: killed in the middle, and restarted under load.
import { dropDatabases } from '@greenroom/testing';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import knexFactory, { type Knex } from 'knex';
import { hasNginx, NginxFront } from './testing/NginxFront';
import { cleanUpExamples, makeFolder, runExample, type RunningExample } from './testing/runExample';

type Role = 'catalog' | 'scaffolder';
interface Instance {
  role: Role;
  url: string;
  process: RunningExample;
}

const COMPONENTS = 1_000;
const TASKS = 50;
const groups = Array.from({ length: 10 }, (_, at) => `g${at}`);
const postgres = process.env.GREENROOM_TEST_POSTGRES;
const token = 'a-token-for-the-tests-of-several-instances';
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

const missing = [
  ...(postgres ? [] : ['GREENROOM_TEST_POSTGRES, the address of a PostgreSQL server']),
  ...(hasNginx ? [] : ['nginx, as in Debian’s package nginx-light']),
];
const title = missing.length > 0 ? ` (needs ${missing.join(' and ')})` : '';

/**
 * Long enough that several tasks run at any time, short enough that 50 of them are done soon; asks the catalog so often
 * that some of it is under way when a catalog is killed.
 */
const template = {
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: { name: 'rounds' },
  spec: {
    owner: 'g0',
    type: 'service',
    parameters: { required: ['name'], properties: { name: { type: 'string' } } },
    steps: [
      { id: 'begin', action: 'debug:log', input: { message: 'begin ${{ parameters.name }}' } },
      {
        id: 'owners',
        action: 'catalog:fetch',
        each: groups,
        input: { entityRef: 'group:default/${{ each.value }}' },
      },
      { id: 'wait', action: 'debug:wait', input: { milliseconds: 2_000 } },
      { id: 'end', action: 'debug:log', input: { message: 'end ${{ parameters.name }}' } },
    ].map(step => ({ ...step, name: step.id })),
    output: { name: '${{ parameters.name }}', owners: '${{ steps.owners.output.entity }}' },
  },
};

(missing.length > 0 ? describe.skip : describe)(`two catalogs and two scaffolders${title}`, () => {
  jest.setTimeout(1_200_000);
  const prefix = `greenroom_instances_${randomUUID().slice(0, 8)}_`;
  const instances: Instance[] = [];
  const clients: Knex[] = [];
  const processes: RunningExample[] = [];
  /** Ends what a test that took too long would go on with. */
  const over = new AbortController();
  let folder: string;
  let front: NginxFront;
  let configs: string[];

  beforeAll(async () => {
    folder = await makeFolder();
    await writeEntities('one');
    front = await NginxFront.start(await makeFolder(), ['catalog', 'scaffolder']);
    configs = await writeConfigs();
    // In no order: the scaffolders wait for a catalog.
    await Promise.all((['scaffolder', 'catalog', 'scaffolder', 'catalog'] as const).map(start));
    await eventually(async () => (await get('catalog', '/entities/by-name/template/default/rounds')).ok);
  });

  afterAll(async () => {
    over.abort();
    await front?.stop();
    await cleanUpExamples();
    await Promise.all(clients.map(client => client.destroy()));
    await dropDatabases(prefix);
  });

  /** The file that the catalog reads; `revision` is in every component of it. */
  async function writeEntities(revision: string) {
    const common = { apiVersion: 'backstage.io/v1alpha1' };
    const teams = groups.map(name => ({
      ...common,
      kind: 'Group',
      metadata: { name },
      spec: { type: 'team', children: [] },
    }));
    const components = Array.from({ length: COMPONENTS }, (_, at) => ({
      ...common,
      kind: 'Component',
      metadata: { name: `c${at}`, labels: { revision } },
      spec: { type: 'service', lifecycle: 'production', owner: groups[at % groups.length] },
    }));
    const documents = [template, ...teams, ...components].map(entity => JSON.stringify(entity));
    await writeFile(join(folder, 'all.yaml'), documents.join('\n---\n'));
  }

  async function writeConfigs() {
    const shared = {
      backend: {
        listen: { host: '127.0.0.1', port: 0 },
        database: {
          client: 'pg',
          connection: postgres,
          prefix,
          // Patient, as the machine may be busy.
          knexConfig: { pool: { min: 0, max: 4 }, acquireConnectionTimeout: 300_000 },
        },
        auth: { externalAccess: [{ type: 'static', options: { token, subject: 'tests' } }] },
        lifecycle: { serverShutdownDelay: '2s' },
      },
      discovery: {
        endpoints: ['catalog', 'scaffolder'].map(plugin => ({
          target: `${front.url}/api/${plugin}`,
          plugins: [plugin],
        })),
      },
      catalog: {
        locations: [
          {
            type: 'file',
            target: join(folder, 'all.yaml'),
            rules: [{ allow: ['Component', 'Group', 'Template'] }],
          },
        ],
        processingInterval: { seconds: 2 },
      },
      scaffolder: {
        // Longer than an instance is silent on a machine that is busy.
        taskRecovery: { staleTimeout: { seconds: 10 } },
        taskSecrets: { keys: ['the key of these tests'] },
      },
    };
    const alone = { backend: { database: { client: 'better-sqlite3', connection: ':memory:' } } };
    const files = { shared, alone };
    await Promise.all(
      Object.entries(files).map(([name, content]) =>
        writeFile(join(folder, `${name}.yaml`), JSON.stringify(content)),
      ),
    );
    return ['--config', join(folder, 'shared.yaml')];
  }

  /** The same program each time; only its role differs. */
  function run(role: Role, args: readonly string[]): RunningExample {
    const process = runExample(args, undefined, {
      GREENROOM_ROLE: role,
      ...(role === 'scaffolder' && { APP_CONFIG_backend_startup_needs: '["catalog"]' }),
    });
    processes.push(process);
    return process;
  }

  async function start(role: Role): Promise<Instance> {
    over.signal.throwIfAborted();
    const process = run(role, configs);
    const instance = { role, process, url: await process.listening() };
    instances.push(instance);
    front.add(role, instance.url);
    await front.hasIn(role, instance.url);
    return instance;
  }

  async function end(instance: Instance, signal: 'SIGKILL' | 'SIGTERM') {
    instances.splice(instances.indexOf(instance), 1);
    instance.process.kill(signal);
    const exit = await instance.process.exit;
    front.remove(instance.role, instance.url);
    return exit;
  }

  const get = (role: Role, path: string) => fetch(`${front.url}/api/${role}${path}`, { headers });
  const create = (name: string) =>
    fetch(`${front.url}/api/scaffolder/v2/tasks`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ templateRef: 'template:default/rounds', values: { name } }),
    });

  const createTasks = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const answer = await create(`task-${at}`);
        const body = await answer.text();
        if (answer.status !== 201) throw new Error(`${answer.status} ${body}\n${troubles().join('\n')}`);
        return (JSON.parse(body) as { id: string }).id;
      }),
    );

  function database(plugin: Role): Knex {
    const url = new URL(postgres!);
    url.pathname = `/${prefix}${plugin}`;
    const client = knexFactory({ client: 'pg', connection: url.href, pool: { min: 0, max: 2 } });
    clients.push(client);
    return client;
  }

  /** What all instances have logged of errors and warnings. */
  const troubles = () =>
    processes.flatMap(process => process.stdout().split('\n')).filter(line => /\b(error|warn)\b/i.test(line));

  /** The last events of each task that failed: the last of them has the error. */
  async function failures(tasks: Knex): Promise<unknown[]> {
    const failed = await tasks('scaffolder_tasks').where({ status: 'failed' }).select('id');
    const told = await Promise.all(
      failed.map(async ({ id }) => {
        const events = tasks('scaffolder_task_events').where({ task_id: id }).orderBy('id', 'desc');
        return { id, events: (await events.limit(5).pluck('body')).reverse() };
      }),
    );
    return told.length > 0 ? [...told, ...troubles()] : [];
  }

  const countOf = async (query: Knex.QueryBuilder) => Number((await query.count({ count: '*' }))[0].count);

  it('lose no task and no entity when one of each is killed', async () => {
    const [tasks, catalog] = [database('scaffolder'), database('catalog')];
    const withRevision = (table: string, column: string) =>
      countOf(catalog(table).where(column, 'like', '%"revision":"two"%'));
    const revised = () => withRevision('catalog_entities', 'entity');
    await eventually(async () => (await countOf(catalog('catalog_entities'))) >= COMPONENTS + 12);

    const ids = await createTasks(TASKS);
    const ofStatus = (status: string) => tasks('scaffolder_tasks').where({ status });
    // Both are at work, so the one that is killed has tasks at hand.
    await eventually(
      async () =>
        (await countOf(ofStatus('completed'))) > 5 &&
        (await ofStatus('processing').distinct('holder')).length === 2,
      10,
    );
    await end(
      instances.find(({ role }) => role === 'scaffolder')!,
      'SIGKILL',
    );
    expect(await countOf(ofStatus('completed'))).toBeLessThan(TASKS - 5);

    // Meanwhile tasks ask the catalog, which has everything to do once more.
    await writeEntities('two');
    await eventually(async () => (await withRevision('catalog_refresh_state', 'unprocessed')) > 0, 10);
    await end(
      instances.find(({ role }) => role === 'catalog')!,
      'SIGKILL',
    );
    expect(await revised()).toBeLessThan(COMPONENTS);

    await eventually(
      async () => (await countOf(tasks('scaffolder_tasks').whereIn('status', ['open', 'processing']))) === 0,
    );
    expect(await failures(tasks)).toEqual([]);
    expect(await tasks('scaffolder_tasks').select('status').count('* as count').groupBy('status')).toEqual([
      { status: 'completed', count: String(TASKS) },
    ]);
    const completions = await tasks('scaffolder_task_events').where({ type: 'completion' }).select('task_id');
    expect(completions.map(({ task_id }) => task_id).sort()).toEqual([...ids].sort());
    const recovered = await countOf(tasks('scaffolder_task_events').where({ type: 'recovered' }));
    expect(recovered).toBeGreaterThan(0);
    // Over HTTP, as a client sees it.
    for (const [at, id] of ids.entries()) {
      const events = (await (await get('scaffolder', `/v2/tasks/${id}/events`)).json()) as any[];
      expect(events.at(-1)).toMatchObject({
        type: 'completion',
        body: {
          status: 'completed',
          output: { name: `task-${at}`, owners: groups.map(name => ({ metadata: { name } })) },
        },
      });
    }

    await eventually(async () => (await revised()) === COMPONENTS);
    const undisturbed = run('catalog', [...configs, '--config', join(folder, 'alone.yaml')]);
    const aloneUrl = await undisturbed.ready();
    const served = async (url: string) => {
      const entities = (await (await fetch(`${url}/entities`, { headers })).json()) as any[];
      return entities
        .map(({ metadata: { uid: _, ...metadata }, ...entity }) => ({ ...entity, metadata }))
        .sort((a, b) => `${a.kind} ${a.metadata.name}`.localeCompare(`${b.kind} ${b.metadata.name}`));
    };
    const compare = async () => [
      await served(`${front.url}/api/catalog`),
      await served(`${aloneUrl}/api/catalog`),
    ];
    // Relations come last: both have some left to write.
    await eventually(async () => isDeepStrictEqual(...((await compare()) as [unknown, unknown]))).catch(
      () => {},
    );
    const [ofAll, ofOne] = await compare();
    expect(ofAll).toHaveLength(COMPONENTS + 12);
    expect(ofAll).toEqual(ofOne);
    undisturbed.kill('SIGTERM');
    await undisturbed.exit;
  });

  it('fail no request while all of them are restarted one after the other', async () => {
    await Promise.all((['catalog', 'scaffolder'] as const).map(start));
    const load = new AbortController();
    over.signal.addEventListener('abort', () => load.abort());
    const failed: string[] = [];
    const answered = { catalog: 0, scaffolder: 0, tasks: 0 };
    const ids: string[] = [];
    const keepAsking = async (kind: keyof typeof answered, ask: () => Promise<Response>, pauseMs: number) => {
      while (!load.signal.aborted) {
        const told = await ask().then(
          async answer => {
            const body = await answer.text();
            if (answer.status === 201) ids.push(JSON.parse(body).id);
            return answer.ok ? undefined : `${answer.status} ${body}`;
          },
          error => `${error} ${error.cause}`,
        );
        if (told) failed.push(`${kind}: ${told}`);
        else answered[kind]++;
        await sleep(pauseMs);
      }
    };
    const asking = [
      keepAsking('catalog', () => get('catalog', '/entities/by-query?limit=20&filter=kind=component'), 10),
      keepAsking('catalog', () => get('catalog', '/entities/by-name/group/default/g0'), 10),
      keepAsking('scaffolder', () => get('scaffolder', '/v2/tasks?limit=10'), 10),
      keepAsking('scaffolder', () => get('scaffolder', '/v2/actions'), 10),
      keepAsking('tasks', () => create('while-restarting'), 250),
    ];
    const ends: unknown[] = [];
    const old = [...instances];
    for (const instance of old) {
      const { code, signal } = await end(instance, 'SIGTERM');
      ends.push({ code, signal });
      await start(instance.role);
    }
    load.abort();
    await Promise.all(asking);
    expect(failed).toEqual([]);
    expect(ends).toEqual(old.map(() => ({ code: 0, signal: null })));
    expect(Math.min(answered.catalog, answered.scaffolder)).toBeGreaterThan(50);
    expect(answered.tasks).toBeGreaterThan(5);

    const tasks = database('scaffolder');
    await eventually(
      async () => (await countOf(tasks('scaffolder_tasks').whereIn('status', ['open', 'processing']))) === 0,
    );
    expect(await failures(tasks)).toEqual([]);
    const ended = await tasks('scaffolder_tasks').whereIn('id', ids).distinct('status');
    expect(ended).toEqual([{ status: 'completed' }]);
    const completions = await countOf(
      tasks('scaffolder_task_events').where({ type: 'completion' }).whereIn('task_id', ids),
    );
    expect(completions).toBe(ids.length);
  });
});

/** Polls until `reached` says so; rejects after three minutes, which a machine that is busy may need. */
async function eventually(reached: () => Promise<boolean>, pauseMs = 100): Promise<void> {
  const deadline = performance.now() + 180_000;
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`Not within three minutes: ${reached}`);
    await sleep(pauseMs);
  }
}
