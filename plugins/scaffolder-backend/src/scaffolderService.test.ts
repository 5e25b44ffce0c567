// Tests of the scaffolder's service as another plugin uses it: over HTTP, with tokens of its own.
import { coreServices } from '@greenroom/backend-plugin-api';
import { type ScaffolderService, scaffolderServiceRef } from '@greenroom/plugin-scaffolder-node';
import { createPlugin } from '@greenroom/testing';
import { template } from './testing/standInCatalog';
import { type ScaffolderBackend, startScaffolderBackend } from './testing/startScaffolderBackend';
import { type TestDatabase, testDatabases } from './testing/testDatabases';

const echo = { id: 'one', name: 'One', action: 'test:echo', input: { text: 'Hello ${{ parameters.name }}' } };
const greeting = template('greeting', [echo], {
  parameters: { required: ['name'], properties: { name: { type: 'string' } } },
  output: { text: '${{ steps.one.output.text }}' },
});
const failing = template('failing', [{ ...echo, input: {} }]);

describe.each(testDatabases)('the service of the scaffolder on %s', (_, makeDatabase) => {
  let database: TestDatabase;
  let backend: ScaffolderBackend;
  let scaffolder: ScaffolderService;
  let options: Parameters<ScaffolderService['getTask']>[1];
  const consumer = createPlugin('consumer', {
    deps: { auth: coreServices.auth, service: scaffolderServiceRef },
    async init({ auth, service }) {
      scaffolder = service;
      options = { credentials: await auth.getOwnServiceCredentials() };
    },
  });

  beforeAll(async () => {
    database = await makeDatabase();
    const entities = [greeting, failing];
    backend = await startScaffolderBackend({ entities, database: database.config, features: [consumer] });
  }, 60_000);
  afterAll(async () => {
    await backend.stop();
    await database.remove();
  });

  async function runToEnd(name: string, values = {}) {
    const { taskId } = await scaffolder.scaffold({ templateRef: `template:${name}`, values }, options);
    const events = [];
    let after: number | undefined;
    do {
      const request = { taskId, ...(after !== undefined && { after }) };
      events.push(...(await scaffolder.getLogs(request, options)));
      after = events.at(-1)?.id;
    } while (events.at(-1)?.type !== 'completion');
    return { taskId, events };
  }

  it('runs templates for another plugin', async () => {
    const form = await scaffolder.getTemplateParameterSchema({ templateRef: 'greeting' }, options);
    expect(form.steps[0]?.schema).toMatchObject({ required: ['name'] });
    const { taskId, events } = await runToEnd('greeting', { name: 'Ann' });
    expect(events.map(({ body }) => body.message)).toContain('Echo: Hello Ann');
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.at(-1)!.body).toMatchObject({ status: 'completed', output: { text: 'Hello Ann' } });
    expect(await scaffolder.getTask({ taskId }, options)).toMatchObject({
      id: taskId,
      status: 'completed',
      createdBy: 'plugin:consumer',
      spec: { parameters: { name: 'Ann' }, steps: [{ id: 'one' }] },
    });
  });

  it('lists, cancels and starts tasks again', async () => {
    const { taskId } = await runToEnd('failing');
    const failed = { createdBy: 'plugin:consumer', status: ['failed' as const, 'cancelled' as const] };
    expect(await scaffolder.listTasks(failed, options)).toMatchObject({
      items: [{ id: taskId }],
      totalItems: 1,
    });
    expect(await scaffolder.listTasks({ createdBy: 'plugin:other', limit: 1 }, options)).toEqual({
      items: [],
      totalItems: 0,
    });
    await expect(scaffolder.cancelTask({ taskId }, options)).rejects.toMatchObject({ statusCode: 409 });
    expect(await scaffolder.retry({ taskId }, options)).toEqual({ id: taskId });
  });

  it('tells what there is, and tries templates out', async () => {
    expect((await scaffolder.listActions({}, options)).map(({ id }) => id)).toContain('test:echo');
    const { filters } = await scaffolder.listTemplatingExtensions({}, options);
    expect(filters.parseRepoUrl?.description).toEqual(expect.any(String));
    const request = { template: greeting, values: { name: 'Bo' }, directoryContents: [] };
    expect(await scaffolder.dryRun(request, options)).toMatchObject({
      output: { text: 'Hello Bo' },
      steps: [{ id: 'one' }],
    });
    const completion = scaffolder.autocomplete(
      { token: 't', provider: 'none', resource: 'r', context: {} },
      options,
    );
    await expect(completion).rejects.toMatchObject({ statusCode: 404 });
  });

  it('says what the scaffolder refuses', async () => {
    await expect(
      scaffolder.scaffold({ templateRef: 'template:greeting', values: {} }, options),
    ).rejects.toMatchObject({
      statusCode: 400,
      body: { error: { message: expect.stringContaining('name') } },
    });
    await expect(scaffolder.getTask({ taskId: '../x?y' }, options)).rejects.toMatchObject({
      statusCode: 404,
      body: { error: { message: "There is no task '../x?y'" } },
    });
    for (const taskId of ['', '.', '..']) {
      for (const method of ['getTask', 'cancelTask', 'getLogs'] as const) {
        await expect(scaffolder[method]({ taskId }, options)).rejects.toMatchObject({ name: 'InputError' });
      }
    }
    await expect(
      scaffolder.getTemplateParameterSchema({ templateRef: '..:../..' }, options),
    ).rejects.toMatchObject({ name: 'InputError' });
    const nobody = {
      credentials: { $$type: '@backstage/BackstageCredentials' as const, principal: { type: 'none' } },
    };
    await expect(scaffolder.listActions({}, nobody)).rejects.toThrow();
    await expect(scaffolder.listActions()).rejects.toMatchObject({ statusCode: 401 });
    await expect(scaffolder.listTemplatingExtensions({})).rejects.toMatchObject({ statusCode: 401 });
  });
});
