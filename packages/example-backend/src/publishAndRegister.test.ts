// A template from its form to the catalog: files are made, pushed to a repository, and registered from where that is read.
import { dropDatabases } from '@greenroom/testing';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { cleanUpExamples, makeFolder, runExample, writeConfig } from './testing/runExample';

jest.setTimeout(60_000);
const postgres = process.env.GREENROOM_TEST_POSTGRES;
const databases = postgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
const headers = {
  authorization: 'Bearer a-token-for-the-tests-of-publishing',
  'content-type': 'application/json',
};

describe.each(databases)('a template on %s', database => {
  const prefix = `greenroom_publish_${randomUUID().slice(0, 8)}_`;
  let folder: string;
  let repository: string;
  let host: Server;
  let hostUrl: string;
  let url: string;

  beforeAll(async () => {
    folder = await makeFolder();
    repository = join(folder, 'shop.git');
    execFileSync('git', ['init', '--quiet', '--bare', repository]);
    // Shows the files of the repository, as the pages of a git host do.
    host = createServer((request, response) => {
      try {
        response.end(git('show', `main:${request.url!.slice(1)}`));
      } catch {
        response.writeHead(404).end();
      }
    }).listen(0, '127.0.0.1');
    await once(host, 'listening');
    const { port } = host.address() as AddressInfo;
    hostUrl = `http://127.0.0.1:${port}`;
    await writeTemplate();
    const connection = database === 'PostgreSQL' ? postgres : { directory: await makeFolder() };
    const config = {
      backend: {
        listen: { host: '127.0.0.1', port: 0 },
        database: { client: database === 'PostgreSQL' ? 'pg' : 'better-sqlite3', connection, prefix },
        auth: {
          externalAccess: [
            { type: 'static', options: { token: headers.authorization.slice(7), subject: 'tests' } },
          ],
        },
        reading: { allow: [{ host: `127.0.0.1:${port}` }] },
      },
      catalog: {
        locations: [
          { type: 'file', target: join(folder, 'template.yaml'), rules: [{ allow: ['Template'] }] },
        ],
      },
      scaffolder: { git: { protocols: ['file'] } },
    };
    url = await runExample(['--config', await writeConfig(JSON.stringify(config))]).ready();
  });
  afterAll(async () => {
    await cleanUpExamples();
    host?.close();
    if (database === 'PostgreSQL') await dropDatabases(prefix);
  });

  const git = (...args: string[]) =>
    execFileSync('git', [`--git-dir=${repository}`, ...args], { encoding: 'utf8' });

  async function writeTemplate() {
    const steps = [
      {
        action: 'fetch:template',
        input: { url: './skeleton', values: { name: '${{ parameters.name }}' } },
      },
      {
        action: 'catalog:write',
        input: {
          entity: {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: { name: '${{ parameters.name }}' },
            spec: { type: 'service', lifecycle: 'experimental', owner: 'team' },
          },
        },
      },
      { id: 'publish', action: 'publish:git', input: { remoteUrl: pathToFileURL(repository).href } },
      {
        id: 'register',
        action: 'catalog:register',
        input: { catalogInfoUrl: `${hostUrl}/catalog-info.yaml` },
      },
    ];
    const output = {
      commit: '${{ steps.publish.output.commitHash }}',
      entityRef: '${{ steps.register.output.entityRef }}',
    };
    const template = {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'shop' },
      spec: { type: 'service', steps, output },
    };
    await writeFile(join(folder, 'template.yaml'), JSON.stringify(template));
    await mkdir(join(folder, 'skeleton'));
    await writeFile(join(folder, 'skeleton/README.md'), '# ${{ values.name }}\n');
  }

  async function ask(path: string, body?: object): Promise<any> {
    const answer = await fetch(`${url}/api/${path}`, {
      headers,
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return answer.json();
  }

  it('ends with a repository, and with the entity that is in it', async () => {
    const { id } = await ask('scaffolder/v2/tasks', {
      templateRef: 'template:default/shop',
      values: { name: 'shop' },
    });
    const events: any[] = [];
    while (events.at(-1)?.type !== 'completion') {
      events.push(...(await ask(`scaffolder/v2/tasks/${id}/events?after=${events.at(-1)?.id ?? 0}`)));
    }
    expect(events.at(-1).body).toMatchObject({
      status: 'completed',
      output: { commit: git('rev-parse', 'main').trim(), entityRef: 'component:default/shop' },
    });
    expect(git('show', 'main:README.md')).toBe('# shop\n');

    for (let attempt = 0; ; attempt += 1) {
      const entity = await ask('catalog/entities/by-name/component/default/shop');
      if (!entity.kind && attempt < 200) {
        await sleep(50);
        continue;
      }
      expect(entity.metadata.annotations).toEqual({
        'backstage.io/managed-by-location': `url:${hostUrl}/catalog-info.yaml`,
        'backstage.io/managed-by-origin-location': `url:${hostUrl}/catalog-info.yaml`,
        'backstage.io/source-template': 'template:default/shop',
      });
      break;
    }
    expect(await ask('catalog/locations')).toEqual([
      { data: expect.objectContaining({ type: 'url', target: `${hostUrl}/catalog-info.yaml` }) },
    ]);
  });
});
