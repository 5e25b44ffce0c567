// Tests that lists come whole, however they are paged, and in little memory, however long they are.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { CatalogClient } from '@backstage/catalog-client';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createModule, eventually } from '@greenroom/testing';
import {
  CatalogPlace,
  clients,
  component,
  entity,
  type StartedCatalog,
  token,
} from './testing/startTestCatalog';

describe.each(clients)('lists on %s', client => {
  jest.setTimeout(240_000);
  let place: CatalogPlace;
  beforeEach(async () => {
    place = await CatalogPlace.create(client);
  });
  afterEach(() => place.remove());

  describe('of entities that are equal in what they are ordered by', () => {
    let started: StartedCatalog;
    let names: string[];
    beforeEach(async () => {
      const groups = ['g1', 'g2'].map(name => entity('Group', name, { type: 'team', children: [] }));
      const components = Array.from({ length: 7 }, (_, at) =>
        component(`c${at}`, {}, at % 3 === 0 ? {} : { title: 'The same' }),
      );
      await place.write({ 'a.yaml': [...components, ...groups] });
      started = await place.start({ locations: [{ type: 'file', target: join(place.folder, 'a.yaml') }] });
      names = [...components, ...groups].map(({ metadata }) => metadata.name);
    });
    const filter = { kind: ['Component', 'Group'] };
    const namesOf = (items: Array<{ metadata: { name: string } }>) =>
      items.map(({ metadata }) => metadata.name);

    it('give each once, by offset, by cursor and by both', async () => {
      const { client: catalog, options } = started;
      for (const field of ['kind', 'metadata.title']) {
        for (const order of ['asc', 'desc'] as const) {
          const whole = namesOf(
            (await catalog.getEntities({ filter, order: { field, order } }, options)).items,
          );
          expect([...whole].sort()).toEqual(names);
          const byOffset: string[] = [];
          for (let offset = 0; offset < names.length; offset += 2) {
            const page = { filter, order: { field, order }, offset, limit: 2 };
            byOffset.push(...namesOf((await catalog.getEntities(page, options)).items));
          }
          expect([field, order, byOffset]).toEqual([field, order, whole]);
          const orderFields = { field, order };
          let page = await catalog.queryEntities({ filter, orderFields, offset: 3, limit: 2 }, options);
          const after = namesOf(page.items);
          while (page.pageInfo.nextCursor) {
            page = await catalog.queryEntities({ cursor: page.pageInfo.nextCursor, limit: 2 }, options);
            after.push(...namesOf(page.items));
          }
          expect([field, order, after]).toEqual([field, order, whole.slice(3)]);
          const before: string[] = namesOf(page.items);
          while (page.pageInfo.prevCursor) {
            page = await catalog.queryEntities({ cursor: page.pageInfo.prevCursor, limit: 2 }, options);
            before.unshift(...namesOf(page.items));
          }
          expect([field, order, before]).toEqual([field, order, whole]);
        }
      }
    });

    it('lead on by links, also below the path of a proxy, and give nothing beyond their end', async () => {
      const { base, options, request } = started;
      const found: string[] = [];
      const headers = { authorization: `Bearer ${options.token}` };
      const shown = 'https://catalog.example/prefix/api/catalog/entities';
      const proxied = (url: string) => fetch(url.replace(/^.*\/api\/catalog/, base), { headers });
      let url: string | undefined = `${shown}?order=desc:kind&offset=1&limit=3&filter=kind=component`;
      while (url) {
        expect(url.split('?')[0]).toBe(shown);
        const answer: Response = await proxied(url);
        found.push(...namesOf((await answer.json()) as []));
        const [, next] = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '') ?? [];
        url = next && new URL(next, url).href;
      }
      expect(found.sort()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
      for (const far of ['2147483648', '9007199254740991']) {
        expect(await request(`/entities?offset=${far}`)).toEqual({ status: 200, body: [] });
        expect(await request(`/entities?offset=${far}&limit=${far}`)).toEqual({ status: 200, body: [] });
        expect(await request(`/entities/by-query?offset=${far}`)).toMatchObject({ status: 200 });
      }
    });
  });

  describe('of more than there is memory for', () => {
    const COUNT = 5_000;
    const BYTES_EACH = 50_000;
    let child: ChildProcess;
    let base: string;
    const headers = { authorization: `Bearer ${token}` };

    beforeEach(async () => {
      await fill(await place.start({}, databaseModule));
      const file = await place.writeConfig({});
      child = spawn(
        process.execPath,
        [
          '--conditions=greenroom-source',
          '--max-old-space-size=160',
          '--import',
          'tsx',
          join(__dirname, 'testing/catalogInstance.ts'),
          '--config',
          file,
        ],
        { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], env: { ...process.env, NODE_ENV: 'development' } },
      );
      base = await listening(child);
    });
    afterEach(async () => {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
        await once(child, 'exit');
    });

    let database: Knex;
    const databaseModule = createModule('catalog', 'database', {
      deps: { service: coreServices.database },
      init: async ({ service }) => void (database = await service.getClient()),
    });

    /** As stitching leaves them, without the minutes that it would take to make them. */
    async function fill(started: StartedCatalog): Promise<void> {
      const text =
        client === 'PostgreSQL' ? `repeat('x', ${BYTES_EACH})` : `hex(zeroblob(${BYTES_EACH / 2}))`;
      const [front, back] = JSON.stringify(component('x', { text: '|' })).split('|');
      await database.raw(
        `WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${COUNT})
         INSERT INTO catalog_entities (id, uid, entity_ref, etag, entity)
         SELECT id, 'u' || id, 'component:default/x' || id, 'e', '${front}' || ${text} || '${back}' FROM n`,
      );
      await database.raw(
        `INSERT INTO catalog_search (key, value, entity_id, original, position)
         SELECT 'kind', 'component', id, 'Component', 0 FROM catalog_entities`,
      );
      await started.stop();
    }

    async function listening(instance: ChildProcess): Promise<string> {
      let output = '';
      instance.stdout!.setEncoding('utf8').on('data', (text: string) => (output += text));
      return eventually(async () => {
        const port = /Listening\b.*?http:\/\/localhost:(\d+)/.exec(output)?.[1];
        if (!port) throw new Error(`It does not listen yet:\n${output}`);
        return `http://127.0.0.1:${port}/api/catalog`;
      }, 30_000);
    }

    /** The most memory that the instance has used so far, in bytes. */
    async function peak(): Promise<number> {
      child.send('peak');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes;
    }

    async function sizeOf(path: string): Promise<number> {
      const answer = await fetch(`${base}${path}`, { headers });
      let size = 0;
      for await (const chunk of answer.body!) size += chunk.length;
      return size;
    }

    it('are served from start to end', async () => {
      const all = COUNT * BYTES_EACH;
      // What one page takes, it may take.
      await sizeOf('/entities?limit=500');
      const before = await peak();
      const paths = [
        '',
        '?offset=1',
        '?limit=100000',
        '?order=desc:kind',
        '?filter=kind=component&fields=spec',
      ];
      for (const path of paths) expect(await sizeOf(`/entities${path}`)).toBeGreaterThan(all - BYTES_EACH);

      const catalog = new CatalogClient({ discoveryApi: { getBaseUrl: async () => base } });
      let seen = 0;
      for await (const page of catalog.streamEntities({ pageSize: 500 }, { token })) seen += page.length;
      expect(seen).toBe(COUNT);

      const stalled = new AbortController();
      const answer = await fetch(`${base}/entities`, { headers, signal: stalled.signal });
      expect(answer.status).toBe(200);
      // Meanwhile others are answered.
      expect(await sizeOf('/entities?limit=500')).toBeGreaterThan(500 * BYTES_EACH);
      // At once, it would take more than twice as much as there is. From Node 24 on, V8 keeps more of what it has had.
      const most = Number.parseInt(process.versions.node, 10) < 24 ? 0.8 : 1.2;
      expect((await peak()) - before).toBeLessThan(all * most);
      stalled.abort();
      expect(await sizeOf('/entities?limit=1')).toBeGreaterThan(BYTES_EACH);
    });
  });
});
