// The modules of the catalog on a real one: a folder that is watched, with entities and templates that come, change and go.
import { dropDatabases } from '@greenroom/testing';
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUpExamples, makeFolder, runExample, writeConfig } from './testing/runExample';

jest.setTimeout(60_000);
const postgres = process.env.GREENROOM_TEST_POSTGRES;
const databases = postgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
const token = 'a-token-for-the-tests-of-the-directory';

describe.each(databases)('a watched folder on %s', database => {
  const prefix = `greenroom_directory_${randomUUID().slice(0, 8)}_`;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = await makeFolder();
    await write('shop', component('shop'), template('make', [{ action: 'debug:log' }]));
    const connection = database === 'PostgreSQL' ? postgres : { directory: await makeFolder() };
    const config = {
      backend: {
        listen: { host: '127.0.0.1', port: 0 },
        database: { client: database === 'PostgreSQL' ? 'pg' : 'better-sqlite3', connection, prefix },
        auth: { externalAccess: [{ type: 'static', options: { token, subject: 'tests' } }] },
      },
      catalog: {
        processingInterval: false,
        rules: [{ allow: ['Component', 'Template'] }],
        providers: { directory: { all: { path: folder } } },
      },
    };
    const args = ['--config', await writeConfig(JSON.stringify(config))];
    url = await runExample(args, join(__dirname, 'testing/directoryBackend.ts')).ready();
  });
  afterAll(async () => {
    await cleanUpExamples();
    if (database === 'PostgreSQL') await dropDatabases(prefix);
  });

  const component = (name: string, type = 'service') => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type, lifecycle: 'production', owner: 'team' },
  });
  const template = (name: string, steps: object[]) => ({
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name },
    spec: { type: 'service', owner: 'team', steps },
  });
  async function write(name: string, ...documents: object[]) {
    const file = join(folder, name, 'catalog-info.yaml');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, documents.map(document => JSON.stringify(document)).join('\n---\n'));
  }
  async function get(path: string): Promise<any> {
    const answer = await fetch(`${url}/api/catalog${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return answer.json();
  }
  async function becomes(expected: string[]) {
    for (let attempt = 0; ; attempt += 1) {
      const entities = (await get('/entities?filter=kind=component&filter=kind=template')) as any[];
      const found = entities
        .map(({ kind, metadata, spec }) => `${kind}:${metadata.name} ${spec.type}`)
        .sort();
      if (attempt === 200 || JSON.stringify(found) === JSON.stringify(expected)) {
        expect(found).toEqual(expected);
        return;
      }
      await sleep(50);
    }
  }

  it('is served as it is, at once', async () => {
    await becomes(['Component:shop service', 'Template:make service']);
    expect(await get('/entities/by-name/template/default/make')).toMatchObject({
      relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
    });

    await write('pay', component('pay'));
    await becomes(['Component:pay service', 'Component:shop service', 'Template:make service']);
    await write('shop', component('shop', 'website'), template('make', [{ id: 'one' }]));
    await becomes(['Component:pay service', 'Component:shop website', 'Template:make service']);
    const { refused } = await get('/.greenroom/ingestion');
    expect(refused).toEqual([
      expect.objectContaining({
        file: join(folder, 'shop/catalog-info.yaml'),
        line: 3,
        reason: expect.stringMatching(/steps/),
      }),
    ]);
    await rm(join(folder, 'pay'), { recursive: true });
    await becomes(['Component:shop website', 'Template:make service']);
  });

  it('may be a volume that Kubernetes makes of a ConfigMap, and replaces as a whole', async () => {
    const mount = async (version: string, type: string) => {
      await write(`volume/..${version}`, component('mounted', type));
      await symlink(`..${version}`, join(folder, 'volume/..data_tmp'));
      await rename(join(folder, 'volume/..data_tmp'), join(folder, 'volume/..data'));
    };
    await mount('1', 'service');
    await symlink('..data/catalog-info.yaml', join(folder, 'volume/catalog-info.yaml'));
    const others = ['Component:shop website', 'Template:make service'];
    await becomes(['Component:mounted service', ...others]);
    await mount('2', 'website');
    await rm(join(folder, 'volume/..1'), { recursive: true });
    await becomes(['Component:mounted website', ...others]);
    // The template of the other test.
    expect((await get('/.greenroom/ingestion')).refused).toHaveLength(1);
  });
});
