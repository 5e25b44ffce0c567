// Our scaffolder with its Git module, next to our catalog: answers the requests of the published client, on either engine.
import { ScaffolderClient } from '@backstage/plugin-scaffolder-common';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { guestToken, request } from '../lib/ask.mjs';
import { auth } from './auth.mjs';
import { ourCatalog } from './ourCatalog.mjs';
import { scaffolder, templateArrives } from './scaffolder.mjs';

const gitTemplate = fileURLToPath(new URL('../fixtures/entities/harbour.yaml', import.meta.url));

const guest = 'user:development/guest';

export const ourScaffolder = {
  id: 'our-scaffolder',
  features: [
    ...ourCatalog.features,
    ...auth.features,
    '@greenroom/plugin-scaffolder-backend',
    '@greenroom/plugin-scaffolder-backend-module-git',
  ],
  asked:
    "a template runs to its end for a user, its events are read; Backstage's client lists actions, gets a form, runs a template that pushes to a Git repository and follows it, tries one out; nobody is refused",
  config() {
    const { catalog } = ourCatalog.config();
    const locations = [...catalog.locations, { type: 'file', target: gitTemplate }];
    return {
      ...auth.config(),
      catalog: { ...catalog, locations },
      scaffolder: { git: { protocols: ['file'] } },
    };
  },
  async ask(backend) {
    await scaffolder.ask(backend);
    const token = await guestToken(backend);
    const client = clientOf(backend);
    await askWhatThereIs(client, { token });
    await templateArrives(backend, token, 'harbour');
    await askPush(client, { token });
    await askDryRun(client, { token });
    const body = { templateRef: 'template:default/buoy', values: { colour: 'red' } };
    await request(`${backend.api('scaffolder')}/v2/tasks`, { body, expect: 401 });
  },
};

function clientOf(backend) {
  return new ScaffolderClient({
    discoveryApi: { getBaseUrl: async id => backend.api(id) },
    fetchApi: { fetch },
    identityApi: { getBackstageIdentity: async () => ({ type: 'user', userEntityRef: guest }) },
    scmIntegrationsApi: {},
    // The other way of following a task needs a browser.
    useLongPollingLogs: true,
  });
}

async function askWhatThereIs(client, options) {
  const actions = await client.listActions(options);
  const push = actions.find(({ id }) => id === 'publish:git');
  assert.deepEqual(push.schema.input.required, ['remoteUrl']);
  assert.ok(actions.some(({ id }) => id === 'fetch:template'));
  const form = await client.getTemplateParameterSchema('template:default/buoy', options);
  assert.equal(form.title, 'A buoy');
  assert.deepEqual(
    form.steps.map(({ title }) => title),
    ['About it'],
  );
  const { tasks } = await client.listTasks({ filterByOwnership: 'all' }, options);
  assert.deepEqual(
    tasks.map(({ status }) => status),
    ['completed'],
  );
}

async function askPush(client, options) {
  const repository = mkdtempSync(join(tmpdir(), 'greenroom-interop-repository-'));
  try {
    execFileSync('git', ['init', '--quiet', '--bare', repository]);
    const values = { remote: pathToFileURL(repository).href };
    const { taskId } = await client.scaffold({ templateRef: 'template:default/harbour', values }, options);
    const events = await follow(client.streamLogs({ taskId }, options));
    const { status } = await client.getTask(taskId, options);
    assert.equal(status, 'completed', JSON.stringify(events.map(({ body }) => body.message)));
    const pushed = execFileSync('git', ['--git-dir', repository, 'log', '-1', '--format=%H %s', 'main']);
    const { commit } = events.find(({ type }) => type === 'completion').body.output;
    assert.equal(pushed.toString().trim(), `${commit} Dig a harbour`);
  } finally {
    rmSync(repository, { recursive: true, force: true });
  }
}

/** Resolves with all events once the stream has ended. */
function follow(stream) {
  return new Promise((resolve, reject) => {
    const events = [];
    stream.subscribe({ next: event => events.push(event), error: reject, complete: () => resolve(events) });
  });
}

async function askDryRun(client, options) {
  const tried = await client.dryRun(
    {
      template: {
        apiVersion: 'scaffolder.backstage.io/v1beta3',
        kind: 'Template',
        metadata: { name: 'raft' },
        spec: {
          type: 'service',
          steps: [
            {
              id: 'fetch',
              action: 'fetch:template',
              input: { url: './', values: { wood: '${{ parameters.wood }}' } },
            },
          ],
          output: {},
        },
      },
      values: { wood: 'oak' },
      directoryContents: [{ path: 'raft.txt', base64Content: btoa('Of ${{ values.wood }}') }],
    },
    options,
  );
  const files = tried.directoryContents.map(({ path, base64Content }) => [path, atob(base64Content)]);
  assert.deepEqual(files, [['raft.txt', 'Of oak']]);
}
