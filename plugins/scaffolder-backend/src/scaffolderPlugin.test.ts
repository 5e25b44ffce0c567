// The scaffolder as its published client meets it: a backend with the default services, and real HTTP.
import type { LogEvent } from '@backstage/plugin-scaffolder-common';
import { eventsOf, scaffolderClient } from './testing/scaffolderClient';
import { template } from './testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend, testToken } from './testing/startScaffolderBackend';
import { type TestDatabase, testDatabases } from './testing/testDatabases';

const echo = (id: string, text: string, extra: object = {}) => ({
  id,
  name: `Echo ${id}`,
  action: 'test:echo',
  input: { text },
  ...extra,
});

const greeting = template(
  'greeting',
  [
    echo('first', 'Hello ${{ parameters.name }}'),
    echo('left-out', 'never', { if: '${{ parameters.name === "nobody" }}' }),
    echo('second', '${{ steps.first.output.text }}!'),
  ],
  {
    parameters: [
      {
        title: 'Whom',
        description: 'Somebody',
        required: ['name'],
        properties: { name: { type: 'string', maxLength: 10 } },
      },
      { when: '${{ parameters.name === "Ann" }}', properties: { loud: { type: 'boolean', default: false } } },
    ],
    output: {
      links: [
        { title: 'The greeting', url: 'https://example.com/${{ steps.second.output.text }}' },
        { title: 'Loud', url: 'https://example.com', if: '${{ parameters.loud }}' },
      ],
    },
  },
);

const badAction = template('bad-action', [{ id: 'typo', name: 'Typo', action: 'test:ecko', input: {} }]);

const templates = [
  greeting,
  template('reasons', [{ id: 'one', name: 'One', action: 'test:fail-for-a-reason', input: {} }]),
  template('each', [
    echo('all', '${{ each.key }}=${{ each.value }}', { each: '${{ parameters.items }}' }),
    echo('joined', '${{ steps.all.output.text | join(", ") }}'),
  ]),
  template('bad-input', [echo('one', 'x', { input: { text: 5, times: 'many' } })]),
  badAction,
  template('decorated', [], {
    parameters: [{ title: 'A page', description: 'Of a form', properties: {} }],
    EXPERIMENTAL_formDecorators: [{ id: 'shout' }],
  }),
  template('bad-output', [echo('one', 'x')], { output: { text: '${{ steps.one.output.text | nothing }}' } }),
  { ...greeting, kind: 'Component', apiVersion: 'backstage.io/v1alpha1' },
  { ...greeting, apiVersion: 'scaffolder.backstage.io/v1beta2', metadata: { name: 'old' } },
];

/** An error of the client whose answer has `message`. */
const refusal = (message: string) => ({
  body: { error: { message: expect.stringContaining(message) } },
});

const logOf = (events: LogEvent[]) =>
  events.map(({ type, body }) => [type, body.stepId, body.status, body.message].filter(Boolean).join(' '));

describe.each(testDatabases)('the scaffolder on %s', (_, makeDatabase) => {
  let database: TestDatabase;
  let backend: ScaffolderBackend;
  let client: ReturnType<typeof scaffolderClient>;

  beforeAll(async () => {
    database = await makeDatabase();
    backend = await startScaffolderBackend({ entities: templates, database: database.config });
    client = scaffolderClient(backend.url);
  }, 60_000);
  afterAll(async () => {
    await backend.stop();
    await database.remove();
  });

  async function runToEnd(name: string, values: Record<string, any> = {}) {
    const { taskId } = await client.scaffold({ templateRef: `template:default/${name}`, values });
    const events = await eventsOf(client, taskId);
    return { taskId, events, log: logOf(events), task: await client.getTask(taskId) };
  }

  async function request(path: string, init: RequestInit = {}) {
    const response = await fetch(`${backend.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${testToken}`, 'content-type': 'application/json' },
    });
    return { status: response.status, body: (await response.json()) as any };
  }

  it('runs the steps of a template, and tells what they do', async () => {
    const { events, log, task, taskId } = await runToEnd('greeting', { name: 'Ann' });
    expect(log).toEqual([
      'log first processing Step Echo first begins',
      'log first Echo: Hello Ann',
      'log first completed Step Echo first is done',
      'log left-out skipped Skipped step Echo left-out: its condition is false',
      'log second processing Step Echo second begins',
      'log second Echo: Hello Ann!',
      'log second completed Step Echo second is done',
      'completion completed The task is done',
    ]);
    expect(events.at(-1)!.body).toMatchObject({
      output: { links: [{ title: 'The greeting', url: 'https://example.com/Hello Ann!' }] },
    });
    expect(task).toMatchObject({
      id: taskId,
      status: 'completed',
      createdBy: 'tests',
      spec: {
        parameters: { name: 'Ann', loud: false },
        templateInfo: {
          entityRef: 'template:default/greeting',
          baseUrl: 'https://example.com/templates/greeting.yaml',
        },
      },
    });
    expect(Date.parse(task.createdAt)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('gives the same events to who reads, follows or resumes', async () => {
    const { taskId, events } = await runToEnd('greeting', { name: 'Bo' });
    expect(await eventsOf(scaffolderClient(backend.url, { polling: true }), taskId)).toEqual(events);
    const after = events[3]!.id;
    expect(await eventsOf(client, taskId, { after })).toEqual(events.slice(4));
    expect((await request(`/v2/tasks/${taskId}/events?after=${after}`)).body).toEqual(events.slice(4));
    // Nothing more can come, so nobody is let wait.
    expect((await request(`/v2/tasks/${taskId}/events?after=${events.at(-1)!.id}`)).body).toEqual([]);
    const stream = await fetch(`${backend.url}/v2/tasks/${taskId}/eventstream`, {
      headers: { authorization: `Bearer ${testToken}`, 'last-event-id': String(events.at(-2)!.id) },
    });
    expect(stream.headers.get('content-type')).toMatch('text/event-stream');
    expect(await stream.text()).toBe(
      `: open\n\nid: ${events.at(-1)!.id}\nevent: completion\ndata: ${JSON.stringify(events.at(-1))}\n\n`,
    );
  });

  it('runs a step for each item', async () => {
    const { log } = await runToEnd('each', { items: { a: 1, b: 2 } });
    expect(log).toContain('log joined Echo: a=1, b=2');
  });

  it('serves the form of a template, page by page', async () => {
    expect(await client.getTemplateParameterSchema('template:default/greeting')).toEqual({
      title: 'The template greeting',
      steps: [
        {
          title: 'Whom',
          description: 'Somebody',
          schema: {
            title: 'Whom',
            description: 'Somebody',
            required: ['name'],
            properties: { name: { type: 'string', maxLength: 10 } },
          },
        },
        {
          title: 'Please enter the following information',
          when: '${{ parameters.name === "Ann" }}',
          schema: { properties: { loud: { type: 'boolean', default: false } } },
        },
      ],
    });
  });

  it('lists its actions and its template language', async () => {
    const echoAction = (await client.listActions()).find(({ id }) => id === 'test:echo')!;
    expect(echoAction).toMatchObject({ description: 'Gives back what it gets' });
    expect(echoAction.schema!.input).toMatchObject({
      properties: { text: { type: 'string' } },
      required: ['text'],
    });
    const { filters, globals } = await client.listTemplatingExtensions();
    expect(Object.keys(filters)).toContain('parseRepoUrl');
    expect(globals).toEqual({ functions: {}, values: {} });
    await expect(
      client.autocomplete({ token: 't', provider: 'none', resource: 'r', context: {} }),
    ).rejects.toMatchObject(refusal("There is no autocomplete provider 'none'"));
  });

  it.each([
    [
      'bad-input',
      'GR_SCAFFOLDER_ACTION_INPUT',
      /input of step 'one' does not fit its action 'test:echo': input\.text must be string; input\.times must be number/,
    ],
    [
      'bad-action',
      'GR_SCAFFOLDER_ACTION_UNKNOWN',
      /Step 'typo' uses the action 'test:ecko'.*Did you mean 'test:echo'\?/,
    ],
    ['bad-output', 'GR_TEMPLATE_INVALID', /output\.text.*nothing/s],
  ])('says what is wrong with %s', async (name, code, message) => {
    const { events, task } = await runToEnd(name);
    expect(task.status).toBe('failed');
    const completion = events.at(-1)!;
    expect(completion.body).toMatchObject({
      status: 'failed',
      error: { code, message: expect.stringMatching(message) },
    });
    if (name !== 'bad-output') {
      expect(events.at(-2)!.body).toMatchObject({
        status: 'failed',
        message: expect.stringMatching(message),
      });
    }
  });

  it('says each reason for a failure once', async () => {
    const { log } = await runToEnd('reasons');
    expect(log.at(-2)).toBe(
      'log one failed InputError: It can not be stored; caused by Error: The disk is full; ' +
        'caused by InputError: The file is large; caused by Error: A film',
    );
  });

  it.each([
    ['greeting', {}, 400, /values must have required property 'name'|values\.name/],
    ['greeting', { name: 'a'.repeat(11) }, 400, /values\.name must NOT have more than 10 characters/],
    ['none', {}, 404, "The catalog has no template 'template:default/none'"],
    ['old', {}, 400, /of scaffolder\.backstage\.io\/v1beta2; this scaffolder runs/],
  ])('refuses a task of %s with %j', async (name, values, status, message) => {
    const response = await request('/v2/tasks', {
      method: 'POST',
      body: JSON.stringify({ templateRef: `template:default/${name}`, values }),
    });
    expect(response.status).toBe(status);
    expect(response.body.error.message).toMatch(message);
  });

  it.each([
    ['POST', '/v2/tasks', {}],
    ['POST', '/v2/tasks', { templateRef: '::' }],
    ['POST', '/v2/tasks', { templateRef: 'component:default/greeting' }],
    ['POST', '/v2/tasks', { templateRef: 'greeting', values: [] }],
    ['POST', '/v2/tasks', { templateRef: 'greeting', secrets: { a: 1 } }],
    ['POST', '/v2/dry-run', { template: {} }],
    ['POST', '/v2/autocomplete/a/b', {}],
    ['POST', '/v2/autocomplete/a/b', { token: 't', context: 'text' }],
    ['POST', '/v2/autocomplete/a/b', { token: 't', context: { a: 5 } }],
    ['GET', '/v2/tasks?limit=x', undefined],
    ['GET', '/v2/tasks?order=desc:spec', undefined],
    ['GET', '/v2/tasks/x/events?after=-1', undefined],
    ['POST', '/v2/tasks/x/retry', { secrets: { a: 1 } }],
  ])('answers %s %s with %j with 400', async (method, path, body) => {
    const response = await request(path, { method, ...(body && { body: JSON.stringify(body) }) });
    expect([response.status, response.body.error.name]).toEqual([400, 'InputError']);
  });

  it('answers for a task that is not there with 404, and nobody without credentials', async () => {
    for (const path of ['', '/events', '/eventstream']) {
      expect((await request(`/v2/tasks/none${path}`)).status).toBe(404);
    }
    await expect(client.cancelTask('none')).rejects.toMatchObject(refusal("There is no task 'none'"));
    await expect(client.retry('none')).rejects.toMatchObject(refusal("There is no task 'none'"));
    expect((await fetch(`${backend.url}/v2/actions`)).status).toBe(401);
  });

  it.each(['tasks', 'tasks/x/retry', 'dry-run'])(
    'takes no more secrets for %s than can be looked for in every line of the log',
    async path => {
      const many = Object.fromEntries(Array.from({ length: 101 }, (__, at) => [`s${at}`, 'x']));
      for (const secrets of [many, { long: 'x'.repeat(200_001) }]) {
        const body = JSON.stringify({ template: greeting, templateRef: 'greeting', secrets });
        const response = await request(`/v2/${path}`, { method: 'POST', body });
        expect(response).toMatchObject({
          status: 400,
          body: { error: { message: expect.stringContaining("'secrets' must have at most 100 texts") } },
        });
      }
    },
  );

  it('lists tasks by who created them and how they ended, in pages', async () => {
    const first = await runToEnd('greeting', { name: 'One' });
    const second = await runToEnd('bad-action');
    const third = await runToEnd('greeting', { name: 'Three' });
    const ids = (list: { tasks: Array<{ id: string }> }) => list.tasks.map(({ id }) => id);

    const newest = await client.listTasks({ filterByOwnership: 'all', limit: 2 });
    expect(ids(newest)).toEqual([third.taskId, second.taskId]);
    expect(newest.totalTasks).toBeGreaterThanOrEqual(3);
    expect(ids(await client.listTasks({ filterByOwnership: 'all', limit: 1, offset: 2 }))).toEqual([
      first.taskId,
    ]);
    const own = scaffolderClient(backend.url, { user: 'tests' });
    expect((await own.listTasks({ filterByOwnership: 'owned' })).totalTasks).toBe(newest.totalTasks);
    const others = scaffolderClient(backend.url, { user: 'user:default/other' });
    expect(await others.listTasks({ filterByOwnership: 'owned' })).toEqual({ tasks: [], totalTasks: 0 });

    const { body: failed } = await request('/v2/tasks?status=failed&order=asc:created_at&offset=1');
    expect(failed.tasks.every(({ status }: { status: string }) => status === 'failed')).toBe(true);
    expect(failed.tasks.length).toBe(failed.totalTasks - 1);
    expect(failed.tasks.at(-1).id).toBe(second.taskId);
  });

  it('tries a template out without keeping anything', async () => {
    const tried = await client.dryRun({
      template: template(
        'tried',
        [
          {
            id: 'write',
            name: 'Write',
            action: 'test:write',
            input: { path: 'a.txt', content: '${{ parameters.x }}' },
          },
          { id: 'out', name: 'Out', action: 'test:append', input: { file: '/nowhere', line: 'l' } },
          echo('url', '${{ steps.out.output.remoteUrl }}'),
        ],
        { output: { url: '${{ steps.out.output.remoteUrl }}' } },
      ),
      values: { x: 'content' },
      directoryContents: [{ path: 'skeleton/a.txt', base64Content: Buffer.from('a').toString('base64') }],
    });
    expect(tried.directoryContents).toEqual([
      { path: 'a.txt', base64Content: Buffer.from('content').toString('base64') },
    ]);
    expect(tried.output).toEqual({ url: 'https://example.com/remoteUrl' });
    expect(tried.steps.map(({ id }) => id)).toEqual(['write', 'out', 'url']);
    expect(tried.log.map(({ body }) => body.message)).toContain(
      'The action test:append is left out of dry runs; its output here is an example',
    );

    const failing = client.dryRun({ template: badAction, values: {}, directoryContents: [] });
    await expect(failing).rejects.toMatchObject(
      refusal("The dry run failed at step 'typo': Step 'typo' uses the action 'test:ecko'"),
    );
    const outside = client.dryRun({
      template: greeting,
      values: { name: 'x' },
      directoryContents: [{ path: '../../out', base64Content: '' }],
    });
    await expect(outside).rejects.toMatchObject(refusal('leads out of its base directory'));
  });

  it.each([
    ['a step that is none', { template: template('x', [null as never]) }, /a name and steps/],
    [
      'an action that is none',
      { template: template('x', [{ id: 'a', action: 5 } as never]) },
      /a name and steps/,
    ],
    ['parameters that are none', { template: template('x', [], { parameters: [null] }) }, /a name and steps/],
    ['an output that is none', { template: template('x', [], { output: 'text' }) }, /a name and steps/],
    ['a file without a name', { template: greeting, files: [''] }, /'' can't be a file beside the others$/],
    [
      'a file in a file',
      { template: greeting, files: ['a', 'a/b'] },
      /'a\/b' can't be a file beside the others$/,
    ],
  ])('refuses to try out %s', async (_what, { template: tried, files = [] }: any, message) => {
    const directoryContents = files.map((path: string) => ({ path, base64Content: '' }));
    const body = JSON.stringify({ template: tried, values: { name: 'x' }, directoryContents });
    const response = await request('/v2/dry-run', { method: 'POST', body });
    expect([response.status, response.body.error.message]).toEqual([400, expect.stringMatching(message)]);
  });

  it('gives the pages of a form with their titles, and its decorators under one name', async () => {
    const form = await client.getTemplateParameterSchema('template:default/decorated');
    const page = { title: 'A page', description: 'Of a form' };
    expect(form).toEqual({
      title: 'The template decorated',
      steps: [{ ...page, schema: { ...page, properties: {} } }],
      formDecorators: [{ id: 'shout' }],
    });
  });
});
