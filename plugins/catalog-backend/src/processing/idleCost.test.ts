// What the loop asks of its database while nothing happens, and while what is read again has not changed: counted.
import type { Entity } from '@backstage/catalog-model';
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { clients, component } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { ProcessingEngine } from './ProcessingEngine';
import type { ProcessingPipeline } from './ProcessingPipeline';
import { toUnprocessed, type UnprocessedEntity } from './UnprocessedEntity';

const nothing = {
  children: [] as UnprocessedEntity[],
  unread: [],
  relations: [],
  refreshKeys: [],
  problems: [],
  cache: '{}',
};
const intervalMs = 600_000;

let knex: Knex;
let remove: () => Promise<void>;
let engine: ProcessingEngine;
/** What the first entity leads to. */
let children: UnprocessedEntity[];
let processed: number;
/** The entity whose processing never ends. */
let endless: string | undefined;
let statements: string[];

async function begin(client: 'SQLite' | 'PostgreSQL'): Promise<void> {
  ({ knex, remove } = await createCatalogTables(client));
  const given = Array.from({ length: 20 }, (_, at) => ({
    source: 'provider:test',
    entity: toUnprocessed(component(`e${at}`) as Entity, null),
  }));
  await knex.transaction(async tx => void (await addUnprocessed(tx, given)));
  children = [];
  processed = 0;
  endless = undefined;
  const pipeline: Pick<ProcessingPipeline, 'process'> = {
    async process({ entity }) {
      processed++;
      if (entity.metadata.name === endless) await new Promise(() => {});
      const isFirst = entity.metadata.name === 'e0';
      return { ...nothing, ...(isFirst && { children }), processed: JSON.stringify(entity), external: true };
    },
  };
  engine = new ProcessingEngine({
    knex,
    logger: { warn() {} } as never,
    pipeline: pipeline as ProcessingPipeline,
    fingerprint: 'test',
    keepOrphans: true,
    dueIn: () => intervalMs,
    onProcessed() {},
    onStitched() {},
  });
  statements = [];
  knex.on('query', ({ sql }: { sql: string }) => statements.push(sql));
}

async function end(): Promise<void> {
  await engine.stop();
  await remove();
}

describe.each(clients)('the loop on %s', client => {
  beforeEach(() => begin(client));
  afterEach(end);

  it('looks with one statement, and opens no transaction, where nothing is to be done', async () => {
    engine.start();
    await engine.whenIdle();
    expect(processed).toBe(20);
    statements = [];
    for (let look = 0; look < 3; look++) {
      engine.wake();
      await engine.whenIdle();
    }
    expect(statements).toEqual(Array(3).fill(expect.stringMatching(/^SELECT/)));
  });

  it('claims and postpones what has not changed, with one statement each, and stitches nothing', async () => {
    engine.start();
    await engine.whenIdle();
    await knex('catalog_refresh_state').update({ due_at: 0 });
    statements = [];
    engine.wake();
    await engine.whenIdle();
    expect(processed).toBe(40);
    const kinds = statements.map(sql => sql.trim().split(/\s/)[0]);
    expect(kinds).toEqual(['SELECT', 'UPDATE', 'UPDATE']);
  });
});

(clients.includes('PostgreSQL') ? describe : describe.skip)(
  'the loop beside those of an earlier release',
  () => {
    beforeEach(() => begin('PostgreSQL'));
    afterEach(async () => {
      jest.restoreAllMocks();
      await end();
    });

    it('processes again, once and minutes after the start, what they have processed since', async () => {
      const start = performance.now();
      const now = jest.spyOn(performance, 'now').mockImplementation(() => start);
      async function takeOver(minutes: number): Promise<void> {
        await knex('catalog_refresh_state').where('id', '<=', 5).update({ pipeline: 'earlier' });
        now.mockImplementation(() => start + minutes * 60_000);
        engine.wake();
        await engine.whenIdle();
      }
      engine.start();
      await engine.whenIdle();
      await takeOver(9);
      expect(processed).toBe(20);
      await takeOver(10);
      expect(processed).toBe(25);
      expect(await knex('catalog_refresh_state').distinct('pipeline').pluck('pipeline')).toEqual(['test']);
      await takeOver(60);
      expect(processed).toBe(25);
    });
  },
);

describe('the loop of an instance that has its database for itself', () => {
  beforeEach(async () => {
    await begin('SQLite');
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(async () => {
    jest.useRealTimers();
    await end();
  });

  /** Lets time pass second by second, so that the database answers in between. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await jest.advanceTimersByTimeAsync(1_000);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    }
  }

  it('goes on at once with what an entity led to', async () => {
    children = [toUnprocessed(component('child') as Entity, null)];
    engine.start();
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(processed).toBe(21);
    expect(await knex('catalog_entities').pluck('entity_ref')).toContain('component:default/child');
  });

  it('looks once a minute, and when something is due', async () => {
    engine.start();
    await pass(5);
    expect(processed).toBe(20);
    statements = [];
    await pass(590);
    expect(processed).toBe(20);
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.length).toBeLessThanOrEqual(10);
    await pass(10);
    expect(processed).toBe(40);
  });

  it('looks every ten seconds while an entity is not done, and processes what is due meanwhile', async () => {
    endless = 'e1';
    engine.start();
    await pass(65);
    expect(processed).toBe(20);
    statements = [];
    await pass(60);
    const looks = statements.filter(sql => sql.startsWith('SELECT'));
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.length).toBeLessThanOrEqual(7);
    // Each look tries to claim something, and every ten seconds the claim is renewed.
    expect(statements.length).toBeLessThanOrEqual(20);
    await knex('catalog_refresh_state').where('entity_ref', 'component:default/e2').update({ due_at: 0 });
    await pass(10);
    expect(processed).toBe(21);
  });
});
