// Users and what a policy lets them do: real tokens, and a permission plugin that is asked over HTTP.
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, recordMetrics } from '@greenroom/testing';
import express from 'express';
import { eventsOf, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend, testToken } from '../testing/startScaffolderBackend';
import { type TestDatabase, testDatabases } from '../testing/testDatabases';
import { createUserIssuer } from '../testing/createUserIssuer';

interface Asked {
  id: string;
  permission: { name: string; resourceType?: string };
}

const leaf = (resourceType: string, rule: string, params: object) => ({ rule, resourceType, params });

/** What the permission plugin answers, by the name of the permission; everything else is allowed. */
type Policy = Record<string, object | 'DENY'>;

const step = (id: string, extra: object = {}) => ({
  id,
  name: id,
  action: 'test:echo',
  input: { text: 'hello', loud: true },
  ...extra,
});

const open = template('open', [step('one')]);
const whoami = template('whoami', [{ id: 'who', name: 'who', action: 'test:whoami', input: {} }], {
  output: { who: '${{ steps.who.output }}', user: '${{ user.ref }}', token: '${{ secrets.backstageToken }}' },
});

const entities = [
  open,
  template('tagged', [step('public'), step('secret', { 'backstage:permissions': { tags: ['secret'] } })], {
    parameters: [
      { title: 'Public', properties: { a: { type: 'string' } } },
      {
        title: 'Secret',
        'backstage:permissions': { tags: ['secret'] },
        properties: { b: { type: 'string' } },
      },
    ],
  }),
  template('unnamed', [
    { action: 'test:echo', input: { text: 'secret' }, 'backstage:permissions': { tags: ['secret'] } },
    { action: 'test:echo', input: { text: 'public' } },
  ]),
  whoami,
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'ann', namespace: 'default' },
    spec: {},
  },
];

describe.each(testDatabases)('permissions of the scaffolder on %s', (__, makeDatabase) => {
  let database: TestDatabase;
  const metrics = recordMetrics();
  let policy: Policy = {};
  let backend: ScaffolderBackend;
  const users = createUserIssuer();
  const clients: Record<string, ReturnType<typeof scaffolderClient>> = {};
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    database = await makeDatabase();
    const permissionPlugin = createPlugin('permission', {
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        http.use(express.json());
        http.use((req, res) => {
          const items = (req.body as { items: Asked[] }).items.map(({ id, permission }) => {
            const answer = policy[permission.name];
            if (answer === undefined) return { id, result: 'ALLOW' };
            if (answer === 'DENY') return { id, result: 'DENY' };
            const { resourceType } = permission;
            return {
              id,
              result: 'CONDITIONAL',
              pluginId: 'scaffolder',
              resourceType,
              conditions: answer,
            };
          });
          res.json({ items });
        });
      },
    });
    backend = await startScaffolderBackend({
      entities,
      database: database.config,
      services: [metrics.factory],
      features: [permissionPlugin, users.plugin],
      config: { permission: { enabled: true } },
    });
    for (const name of ['ann', 'bob']) {
      const user = `user:default/${name}`;
      const token = (tokens[name] = await users.issue(user));
      clients[name] = scaffolderClient(backend.url, { token, user });
    }
  }, 60_000);
  afterAll(async () => {
    await backend.stop();
    await database.remove();
  });
  beforeEach(() => (policy = {}));

  const runToEnd = async (name: string, templateName: string) => {
    const client = clients[name]!;
    const { taskId } = await client.scaffold({ templateRef: `template:default/${templateName}`, values: {} });
    return { taskId, events: await eventsOf(client, taskId) };
  };
  const denied = (name: string) => ({
    statusCode: 403,
    body: { error: { message: expect.stringContaining(`'${name}'`) } },
  });

  it('tells the rules with their parameters', async () => {
    const response = await fetch(`${backend.url}/.well-known/backstage/permissions/metadata`, {
      headers: { authorization: `Bearer ${testToken}` },
    });
    const { permissions, rules } = (await response.json()) as any;
    expect(permissions).toHaveLength(8);
    expect(rules.map(({ name }: { name: string }) => name).sort()).toEqual([
      'HAS_ACTION_ID',
      'HAS_BOOLEAN_PROPERTY',
      'HAS_NUMBER_PROPERTY',
      'HAS_STRING_PROPERTY',
      'HAS_TAG',
      'IS_TASK_OWNER',
    ]);
    const owner = rules.find(({ name }: { name: string }) => name === 'IS_TASK_OWNER');
    expect(owner.paramsSchema).toMatchObject({ properties: { createdBy: { type: 'array' } } });
  });

  it('runs a task for its user: reads the template and acts with their credentials', async () => {
    backend.catalog.principals.length = 0;
    const { events, taskId } = await runToEnd('ann', 'whoami');
    expect(backend.catalog.principals).toEqual([{ type: 'user', userEntityRef: 'user:default/ann' }]);
    const output = {
      who: {
        principal: expect.objectContaining({ type: 'user', userEntityRef: 'user:default/ann' }),
        user: 'user:default/ann ann',
        audience: 'catalog',
        subject: 'user:default/ann',
      },
      user: 'user:default/ann',
    };
    expect((events.at(-1)!.body as { output?: unknown }).output).toEqual(output);
    expect(events.map(({ body }) => body.message)).toContain('The token is ***');
    expect(await clients.ann!.getTask(taskId)).toMatchObject({ createdBy: 'user:default/ann' });

    const tried = await clients.ann!.dryRun({ template: whoami, values: {}, directoryContents: [] });
    expect(tried.output).toEqual(output);
    expect(tried.log.map(({ body }) => body.message)).toContain('The token is ***');
  });

  it('lets nobody create tasks or try templates out who may not', async () => {
    policy = { 'scaffolder.task.create': 'DENY', 'scaffolder.template.dry-run': 'DENY' };
    await expect(runToEnd('ann', 'open')).rejects.toThrow(
      "The permission 'scaffolder.task.create' is denied",
    );
    const dryRun = clients.ann!.dryRun({ template: open, values: {}, directoryContents: [] });
    await expect(dryRun).rejects.toMatchObject(denied('scaffolder.template.dry-run'));

    policy = { 'scaffolder.task.create': 'DENY' };
    const another = clients.ann!.dryRun({ template: open, values: {}, directoryContents: [] });
    await expect(another).rejects.toMatchObject(denied('scaffolder.task.create'));
  });

  it('shows and runs only the parts of a template that the user may see', async () => {
    const notSecret = { not: leaf('scaffolder-template', 'HAS_TAG', { tag: 'secret' }) };
    policy = { 'scaffolder.template.parameter.read': notSecret, 'scaffolder.template.step.read': notSecret };
    const form = await clients.ann!.getTemplateParameterSchema('template:default/tagged');
    expect(form.steps.map(({ title }) => title)).toEqual(['Public']);
    const { taskId } = await runToEnd('ann', 'tagged');
    const { spec } = await clients.ann!.getTask(taskId);
    expect(spec.steps.map(({ id }) => id)).toEqual(['public']);

    // Each permission limits its own part, whatever the other one says.
    policy = { 'scaffolder.template.step.read': notSecret };
    const { spec: short } = await clients.ann!.getTask((await runToEnd('ann', 'tagged')).taskId);
    expect(short.steps.map(({ id }) => id)).toEqual(['public']);
    policy = { 'scaffolder.template.parameter.read': 'DENY' };
    expect((await clients.ann!.getTemplateParameterSchema('template:default/tagged')).steps).toEqual([]);
  });

  it('retries a task only for who may create one, and with the actions that they may run', async () => {
    policy = { 'scaffolder.action.execute': 'DENY' };
    const { taskId, events } = await runToEnd('ann', 'open');
    expect(events.at(-1)!.body.status).toBe('failed');
    const retry = async () => {
      await clients.bob!.retry(taskId);
      return (await eventsOf(clients.bob!, taskId)).at(-1)!.body.status;
    };
    expect(await retry()).toBe('failed');
    policy = { 'scaffolder.task.create': 'DENY' };
    await expect(retry()).rejects.toMatchObject(denied('scaffolder.task.create'));
    policy = {};
    expect(await retry()).toBe('completed');
  });

  it('retries a task only for who may run its steps and see its template, as they are permitted now', async () => {
    policy = { 'scaffolder.action.execute': 'DENY' };
    const { taskId } = await runToEnd('ann', 'tagged');
    const notSecret = { not: leaf('scaffolder-template', 'HAS_TAG', { tag: 'secret' }) };
    for (const decision of ['DENY', notSecret] as const) {
      policy = { 'scaffolder.template.step.read': decision };
      await expect(clients.bob!.retry(taskId)).rejects.toMatchObject({
        statusCode: 403,
        body: { error: { message: expect.stringMatching(/'scaffolder\.template\.step\.read'.*step/) } },
      });
    }
    policy = {};
    backend.catalog.hidden.add('template:default/tagged');
    await expect(clients.bob!.retry(taskId)).rejects.toMatchObject({
      statusCode: 404,
      body: { error: { message: "The catalog has no template 'template:default/tagged'" } },
    });
    expect((await clients.ann!.getTask(taskId)).status).toBe('failed');
    backend.catalog.hidden.clear();
    backend.catalog.principals.length = 0;
    await clients.bob!.retry(taskId);
    expect(backend.catalog.principals).toEqual([{ type: 'user', userEntityRef: 'user:default/bob' }]);
    expect((await eventsOf(clients.bob!, taskId)).at(-1)!.body.status).toBe('completed');

    // What is hidden from whoever creates a task is no part of it, so they can retry it.
    for (const name of ['tagged', 'unnamed']) {
      policy = { 'scaffolder.template.step.read': notSecret, 'scaffolder.action.execute': 'DENY' };
      const { taskId: short } = await runToEnd('ann', name);
      policy = { 'scaffolder.template.step.read': notSecret };
      await clients.ann!.retry(short);
      expect((await eventsOf(clients.ann!, short)).at(-1)!.body.status).toBe('completed');
    }
  });

  it('retries a task whose steps have no tags, as those of earlier releases, by the tags of the template', async () => {
    policy = { 'scaffolder.action.execute': 'DENY' };
    const { taskId } = await runToEnd('ann', 'tagged');
    const knex = database.open();
    const row = knex('scaffolder_tasks').where({ id: taskId });
    const spec = (await row.clone().first('spec')).spec as string;
    const tags = ',"backstage:permissions":{"tags":["secret"]}';
    expect(spec).toContain(tags);
    await row.update({ spec: spec.replace(tags, '') });
    await knex.destroy();
    const secret = leaf('scaffolder-template', 'HAS_TAG', { tag: 'secret' });
    policy = { 'scaffolder.template.step.read': { not: secret } };
    await expect(clients.bob!.retry(taskId)).rejects.toMatchObject(denied('scaffolder.template.step.read'));
    policy = {};
    await clients.bob!.retry(taskId);
    expect((await eventsOf(clients.bob!, taskId)).at(-1)!.body.status).toBe('completed');
  });

  it('retries a task with its own steps, whatever has become of its template', async () => {
    policy = { 'scaffolder.action.execute': 'DENY' };
    const { taskId } = await runToEnd('ann', 'open');
    policy = {};
    const { steps } = open.spec;
    open.spec.steps = 'broken' as never;
    await clients.ann!.retry(taskId).finally(() => (open.spec.steps = steps));
    expect((await eventsOf(clients.ann!, taskId)).at(-1)!.body.status).toBe('completed');
  });

  it.each([
    ['the action', leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'test:echo' }), true],
    ['another action', leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'test:write' }), false],
    ['a text', leaf('scaffolder-action', 'HAS_STRING_PROPERTY', { key: 'text', value: 'hello' }), true],
    ['another text', leaf('scaffolder-action', 'HAS_STRING_PROPERTY', { key: 'text', value: 'bye' }), false],
    ['a boolean', leaf('scaffolder-action', 'HAS_BOOLEAN_PROPERTY', { key: 'loud' }), true],
    ['a number', leaf('scaffolder-action', 'HAS_NUMBER_PROPERTY', { key: 'text' }), false],
    [
      'a combination',
      {
        allOf: [
          leaf('scaffolder-action', 'HAS_BOOLEAN_PROPERTY', { key: 'loud', value: true }),
          {
            anyOf: [
              leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'test:write' }),
              { not: leaf('scaffolder-action', 'HAS_STRING_PROPERTY', { key: 'nothing.inside' }) },
            ],
          },
        ],
      },
      true,
    ],
    [
      'a combination that it does not meet',
      {
        anyOf: [
          {
            allOf: [
              leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'test:echo' }),
              leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'test:write' }),
            ],
          },
          { not: leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'test:echo' }) },
        ],
      },
      false,
    ],
  ])('decides about actions by %s', async (_, conditions, isAllowed) => {
    policy = { 'scaffolder.action.execute': conditions };
    const { events } = await runToEnd('ann', 'open');
    expect(events.at(-1)!.body.status).toBe(isAllowed ? 'completed' : 'failed');
    if (!isAllowed) {
      expect(events.at(-1)!.body.message).toMatch(/Step 'one' is not allowed to run the action 'test:echo'/);
    }
  });

  it('allows nothing by parameters that a rule does not take, whatever it would do without them', async () => {
    const [wrongOwner, wrongTag, wrongId] = [
      leaf('scaffolder-task', 'IS_TASK_OWNER', { owner: ['user:default/bob'] }),
      leaf('scaffolder-template', 'HAS_TAG', { tags: ['secret'] }),
      leaf('scaffolder-action', 'HAS_ACTION_ID', { action: 'test:echo' }),
    ];
    policy = {
      'scaffolder.task.read': wrongOwner,
      'scaffolder.template.parameter.read': { not: wrongTag },
    };
    const failed = { statusCode: 500 };
    const bob = clients.bob!;
    await expect(bob.listTasks({ filterByOwnership: 'all' })).rejects.toMatchObject(failed);
    await expect(bob.getTemplateParameterSchema('template:default/tagged')).rejects.toMatchObject(failed);

    policy = { 'scaffolder.action.execute': { not: wrongId } };
    const { events } = await runToEnd('ann', 'open');
    expect(events.at(-1)!.body).toMatchObject({
      status: 'failed',
      message: expect.stringContaining(
        `that its rule 'HAS_ACTION_ID' does not take: {"action":"test:echo"}. Correct the policy.`,
      ),
    });
  });

  it('shows the tasks of others to nobody who may see only their own', async () => {
    const { taskId: anns } = await runToEnd('ann', 'open');
    const { taskId: bobs } = await runToEnd('bob', 'open');
    const ownOnly = leaf('scaffolder-task', 'IS_TASK_OWNER', { createdBy: ['user:default/bob'] });
    policy = { 'scaffolder.task.read': ownOnly, 'scaffolder.task.cancel': 'DENY' };
    const bob = clients.bob!;
    const { tasks, totalTasks } = await bob.listTasks({ filterByOwnership: 'all' });
    expect([tasks.map(({ id }) => id), totalTasks]).toEqual([[bobs], 1]);
    expect((await bob.getTask(bobs)).id).toBe(bobs);
    await expect(bob.getTask(anns)).rejects.toMatchObject(denied('scaffolder.task.read'));
    for (const path of ['events', 'eventstream']) {
      const headers = { authorization: `Bearer ${tokens.bob}` };
      expect((await fetch(`${backend.url}/v2/tasks/${anns}/${path}`, { headers })).status).toBe(403);
    }
    await expect(bob.retry(anns)).rejects.toMatchObject(denied('scaffolder.task.read'));
    await expect(bob.cancelTask(bobs)).rejects.toMatchObject(denied('scaffolder.task.cancel'));
    policy = { 'scaffolder.task.read': ownOnly };
    await expect(bob.cancelTask(anns)).rejects.toMatchObject(denied('scaffolder.task.read'));

    policy = { 'scaffolder.task.read': { not: ownOnly } };
    expect((await bob.listTasks({ filterByOwnership: 'all' })).tasks.map(({ id }) => id)).not.toContain(bobs);
    policy = { 'scaffolder.task.read': 'DENY' };
    expect(await bob.listTasks({ filterByOwnership: 'all' })).toEqual({ tasks: [], totalTasks: 0 });
  });

  it('records who did what', async () => {
    backend.lines.length = 0;
    const { taskId } = await runToEnd('ann', 'open');
    const records = backend.lines.filter(line => line.includes('scaffolder.task'));
    expect(records).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `"actorId":"user:default/ann".*"actionType":"create".*"taskId":"${taskId}".*"status":"succeeded"`,
        ),
      ),
    );
  });

  it('measures how tasks and their steps end', async () => {
    await runToEnd('ann', 'open');
    policy = { 'scaffolder.action.execute': leaf('scaffolder-action', 'HAS_ACTION_ID', { actionId: 'x' }) };
    await runToEnd('ann', 'open');
    const { values } = metrics;
    const name = 'template:default/open';
    expect(values['scaffolder.task.count']!.slice(-2)).toEqual([
      { value: 1, template: name, result: 'completed' },
      { value: 1, template: name, result: 'failed' },
    ]);
    expect(values['scaffolder.step.count']!.slice(-2)).toEqual([
      { value: 1, action: 'test:echo', result: 'completed' },
      { value: 1, action: 'test:echo', result: 'failed' },
    ]);
    for (const duration of ['scaffolder.task.duration', 'scaffolder.step.duration']) {
      const { value } = values[duration]!.at(-1)!;
      expect(value > 0 && value < 60).toBe(true);
    }
  });
});
