// Tests of several instances, and of instances that are killed, with processes of their own.
import { eventually } from '@greenroom/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knexFactory, { type Knex } from 'knex';
import { component, entity } from './testing/startTestCatalog';

const COMPONENTS = 1_500;
const postgres = process.env.GREENROOM_TEST_POSTGRES;

jest.setTimeout(180_000);

describe('instances of the catalog', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  const cleanUps: Array<() => Promise<unknown>> = [];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'catalog-instances-')));
    const groups = Array.from({ length: 10 }, (_, i) =>
      entity('Group', `g${i}`, { type: 'team', children: [] }),
    );
    const components = Array.from({ length: COMPONENTS }, (_, i) =>
      component(`c${i}`, { owner: `g${i % 10}`, dependsOn: [`component:c${(i + 1) % COMPONENTS}`] }),
    );
    await writeFile(
      join(folder, 'all.yaml'),
      [...groups, ...components].map(document => JSON.stringify(document)).join('\n---\n'),
    );
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
        await once(child, 'exit');
    }
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    await rm(folder, { recursive: true });
  });

  async function startInstance(database: object, pauseMs: number, clockMs = 0): Promise<ChildProcess> {
    const file = join(folder, `config-${randomUUID()}.yaml`);
    const locations = [{ type: 'file', target: join(folder, 'all.yaml') }];
    const backend = { listen: { host: '127.0.0.1', port: 0 }, database };
    await writeFile(file, JSON.stringify({ backend, catalog: { locations, processingInterval: false } }));
    const child = spawn(
      process.execPath,
      [
        '--conditions=greenroom-source',
        '--import',
        'tsx',
        join(__dirname, 'testing/catalogInstance.ts'),
        '--config',
        file,
      ],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          NODE_ENV: 'production',
          CATALOG_TEST_PAUSE_MS: String(pauseMs),
          CATALOG_TEST_CLOCK_MS: String(clockMs),
        },
      },
    );
    children.push(child);
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async function openPostgres() {
    const prefix = `catalog_kill_${randomUUID().slice(0, 8)}_`;
    const admin = knexFactory({ client: 'pg', connection: postgres! });
    const url = new URL(postgres!);
    url.pathname = `/${prefix}catalog`;
    await admin.raw(`CREATE DATABASE ${prefix}catalog`);
    const knex = knexFactory({ client: 'pg', connection: url.toString() });
    cleanUps.push(async () => {
      await knex.destroy();
      await admin.raw(`DROP DATABASE IF EXISTS ${prefix}catalog WITH (FORCE)`);
      await admin.destroy();
    });
    return { config: { client: 'pg', connection: postgres, prefix }, knex };
  }

  async function openSqlite() {
    const directory = join(folder, 'database');
    await mkdir(directory);
    const open = () =>
      knexFactory({
        client: 'better-sqlite3',
        connection: join(directory, 'catalog.sqlite'),
        useNullAsDefault: true,
      });
    let knex: Knex | undefined;
    cleanUps.push(async () => knex?.destroy());
    return { config: { client: 'better-sqlite3', connection: { directory } }, knex: () => (knex ??= open()) };
  }

  const count = async (knex: Knex, table: string, where = 'TRUE'): Promise<number> => {
    const [row] = await knex(table).whereRaw(where).count({ count: '*' });
    return Number(row?.count);
  };

  const someProcessed = (knex: () => Knex) =>
    eventually(async () => {
      const processed = await count(knex(), 'catalog_refresh_state', 'processed IS NOT NULL');
      expect(processed).toBeGreaterThan(200);
      expect(processed).toBeLessThan(COMPONENTS);
      expect(await count(knex(), 'catalog_refresh_state', 'claim IS NOT NULL')).toBeGreaterThan(0);
    }, 60_000);

  const allServed = (knex: () => Knex) =>
    eventually(async () => {
      expect(await count(knex(), 'catalog_entities')).toBe(COMPONENTS + 11);
      expect(await count(knex(), 'catalog_stitch_queue')).toBe(0);
      expect(await count(knex(), 'catalog_refresh_state', 'processed IS NULL')).toBe(0);
    }, 120_000);

  /** All that is served, without what is random. */
  async function served(knex: Knex): Promise<unknown[]> {
    const rows = await knex('catalog_entities').select('entity').orderBy('entity_ref');
    return rows.map(row => {
      const { uid: _, ...metadata } = JSON.parse(row.entity).metadata;
      return { ...JSON.parse(row.entity), metadata };
    });
  }

  (postgres ? it : it.skip)(
    'lose nothing on PostgreSQL when one of two is killed (needs GREENROOM_TEST_POSTGRES)',
    async () => {
      const disturbed = await openPostgres();
      const undisturbed = await openPostgres();
      const first = await startInstance(disturbed.config, 40);
      await startInstance(disturbed.config, 40);
      await someProcessed(() => disturbed.knex);
      await kill(first);
      expect(await count(disturbed.knex, 'catalog_entities')).toBeLessThan(COMPONENTS + 11);
      await Promise.all([
        allServed(() => disturbed.knex),
        startInstance(undisturbed.config, 0).then(() => allServed(() => undisturbed.knex)),
      ]);
      expect(await served(disturbed.knex)).toEqual(await served(undisturbed.knex));
      const rows = async (knex: Knex) =>
        knex('catalog_relations')
          .select('source_ref', 'type', 'target_ref')
          .orderBy(['source_ref', 'type', 'target_ref', 'origin_id']);
      expect(await rows(disturbed.knex)).toEqual(await rows(undisturbed.knex));
    },
  );

  (postgres ? it : it.skip)(
    'go on with the work of one whose clock was hours ahead (needs GREENROOM_TEST_POSTGRES)',
    async () => {
      const { config, knex } = await openPostgres();
      const hour = 3_600_000;
      const ahead = await startInstance(config, 40, 2 * hour);
      await someProcessed(() => knex);
      await kill(ahead);
      await startInstance(config, 0, -2 * hour);
      await allServed(() => knex);
    },
  );

  it('lose nothing on SQLite when the one is killed and started again', async () => {
    const { config, knex } = await openSqlite();
    const first = await startInstance(config, 40);
    await someProcessed(knex);
    await kill(first);
    const left = await count(knex(), 'catalog_refresh_state', 'claim IS NOT NULL');
    expect(left).toBeGreaterThan(0);
    await startInstance(config, 0);
    await allServed(knex);
    const [group] = (await served(knex())).filter(
      item => (item as { kind: string }).kind === 'Group',
    ) as Array<{ relations: unknown[] }>;
    expect(group?.relations).toHaveLength(COMPONENTS / 10);
  });
});
