// What becomes of SQLite databases on a file system that is really full or takes no writes, and of the backend around them.
import { ConfigReader } from '@backstage/config';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '../../testing/MemoryLogger';
import { SmallDisk } from '../../testing/SmallDisk';
import { startBackend } from '../../testing/startBackend';
import { DatabaseConnections } from './DatabaseConnections';

const canMount = SmallDisk.canMount();
const title = canMount ? 'a full disk' : 'a full disk (skipped: this user may not mount a file system)';

(canMount ? describe : describe.skip)(title, () => {
  const logger = new MemoryLogger();
  let disk: SmallDisk;
  let roomy: string;
  const ends: Array<() => Promise<unknown>> = [];

  beforeEach(() => {
    disk = SmallDisk.mount(4);
    roomy = mkdtempSync(join(tmpdir(), 'greenroom-roomy-'));
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await disk.remove();
    rmSync(roomy, { recursive: true });
  });

  /** `catalog` is on the small disk, all others are not. */
  const database = () => ({
    connection: { directory: roomy },
    plugin: { catalog: { connection: { directory: disk.directory } } },
  });

  function connect(): DatabaseConnections {
    const connections = new DatabaseConnections(new ConfigReader({ backend: { database: database() } }));
    ends.push(() => connections.close());
    return connections;
  }

  const clientOf = (connections: DatabaseConnections, plugin: string) =>
    connections.forPlugin(plugin, { logger }).getClient();

  it('fails what writes, says where, and is over when there is space again', async () => {
    const connections = connect();
    const [knex, other] = [await clientOf(connections, 'catalog'), await clientOf(connections, 'other')];
    for (const client of [knex, other]) {
      await client.schema.createTable('things', table => table.text('text'));
      await client('things').insert({ text: 'before' });
    }
    disk.fill();
    const fill = knex.transaction(async transaction => {
      for (;;) await transaction('things').insert({ text: 'x'.repeat(200_000) });
    });
    const file = join(disk.directory, 'catalog.sqlite');
    const full = {
      code: 'SQLITE_FULL',
      message: expect.stringMatching(
        `database or disk is full: no space is left for the database of plugin 'catalog' in ${file}`,
      ),
    };
    await expect(fill).rejects.toMatchObject(full);
    await expect(knex('things').insert({ text: 'y'.repeat(200_000) })).rejects.toMatchObject(full);
    await expect(connections.check()).rejects.toThrow(`No space is left for ${file}`);

    expect(await knex('things').select()).toEqual([{ text: 'before' }]);
    await other('things').insert({ text: 'z'.repeat(200_000) });
    expect(await other('things').count('* as count')).toEqual([{ count: 2 }]);

    disk.free();
    await connections.check();
    await knex('things').insert({ text: 'y'.repeat(200_000) });
    expect(await knex('things').count('* as count')).toEqual([{ count: 2 }]);
    expect(await knex.raw('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('keeps what was written from a process that starts when it is full', async () => {
    const before = connect();
    const first = await clientOf(before, 'catalog');
    await first.schema.createTable('things', table => table.text('text'));
    await first('things').insert({ text: 'before' });
    await before.close();
    disk.fill();
    const connections = connect();
    const knex = await clientOf(connections, 'catalog');
    await expect(knex('things').select()).rejects.toMatchObject({ code: 'GR_DATABASE_FULL' });
    await expect(connections.check()).rejects.toThrow(`No space is left for ${disk.directory}`);
    disk.free();
    await knex('things').insert({ text: 'after' });
    expect(await knex('things').select()).toEqual([{ text: 'before' }, { text: 'after' }]);
    expect(await knex.raw('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('is told by its directory where it takes no writes at all', async () => {
    disk.protect();
    await expect(clientOf(connect(), 'catalog')).rejects.toThrow(
      `the directory ${disk.directory} can't be made or written to: `,
    );
  });

  it('stops tasks for as long as it lasts, and those of other plugins not at all', async () => {
    const runs: Record<string, number> = { catalog: 0, other: 0 };
    const features = Object.keys(runs).map(pluginId =>
      createPlugin(pluginId, {
        deps: { database: coreServices.database, scheduler: coreServices.scheduler },
        async init({ database: { getClient }, scheduler }) {
          const knex = await getClient();
          await knex.schema.createTable('things', table => table.text('text'));
          await scheduler.scheduleTask({
            id: 'often',
            frequency: { milliseconds: 50 },
            timeout: { minutes: 1 },
            async fn() {
              await knex('things').delete();
              await knex('things').insert({ text: 'x'.repeat(100_000) });
              runs[pluginId]!++;
            },
          });
        },
      }),
    );
    const health = { health: { maxAge: '0ms' } };
    const backend = await startBackend({
      config: { backend: { database: database(), scheduler: { leaseDuration: '1s' }, ...health } },
      features,
    });
    ends.push(() => backend.stop());
    const giveUpAt = Date.now() + 55_000;
    const until = async (what: () => boolean | Promise<boolean>) => {
      while (Date.now() < giveUpAt && !(await what())) await new Promise(resolve => setTimeout(resolve, 20));
    };
    const more = (plugin: string, count = 3) => {
      const from = runs[plugin]!;
      return until(() => runs[plugin]! >= from + count);
    };
    const databaseIs = async (status: string) => {
      const response = await fetch(`${backend.url}/.backstage/health/v1/readiness?verbose`);
      const { contributors } = (await response.json()) as {
        contributors: Array<{ name: string; status: string }>;
      };
      return contributors.find(({ name }) => name === 'database')?.status === status;
    };

    await Promise.all([more('catalog'), more('other'), until(() => databaseIs('ok'))]);
    disk.fill();
    const told = () => backend.logger.entries.some(({ message }) => /no space is left/i.test(message));
    await Promise.all([until(told), until(() => databaseIs('failed'))]);
    await more('other', 10);
    disk.free();
    await Promise.all([more('catalog'), until(() => databaseIs('ok'))]);
    expect(Date.now()).toBeLessThan(giveUpAt);
  }, 60_000);
});
