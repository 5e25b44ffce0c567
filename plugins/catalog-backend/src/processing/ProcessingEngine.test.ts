// Tests of what the loop does at the same time, by holding up one part of it with locks of PostgreSQL.
import type { Entity } from '@backstage/catalog-model';
import { eventually } from '@greenroom/testing';
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { queueStitch } from '../stitching/queueStitch';
import { createCatalogDatabase } from '../testing/createCatalogTables';
import { component } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { ProcessingEngine } from './ProcessingEngine';
import { ProcessingLease } from './ProcessingLease';
import type { ProcessingPipeline } from './ProcessingPipeline';
import { toUnprocessed } from './UnprocessedEntity';

const postgres = process.env.GREENROOM_TEST_POSTGRES;
const suite = postgres ? describe : describe.skip;

suite('ProcessingEngine (skipped where GREENROOM_TEST_POSTGRES names no server)', () => {
  let database: Awaited<ReturnType<typeof createCatalogDatabase>>;
  let knex: Knex;
  let engine: ProcessingEngine;
  let lock: Knex.Transaction;
  let processed: string[];
  let errors: string[];

  beforeEach(async () => {
    database = await createCatalogDatabase();
    knex = database.knex;
    lock = await knex.transaction();
    processed = [];
    errors = [];
  });
  afterEach(async () => {
    if (!lock.isCompleted()) await lock.rollback();
    await engine.stop();
    await database.remove();
  });

  async function store(size: number): Promise<void> {
    const entities = Array.from({ length: size }, (_, at) => component(`e${at}`) as Entity);
    const given = entities.map(entity => ({ source: 'provider:test', entity: toUnprocessed(entity, null) }));
    await knex.transaction(async tx => void (await addUnprocessed(tx, given)));
  }

  /** `onProcess` gets the number of each entity that is processed, before it is. */
  function work(onProcess: (at: number) => PromiseLike<unknown> | undefined): void {
    const nothing = { children: [], unread: [], relations: [], refreshKeys: [], problems: [], cache: '{}' };
    const pipeline: Pick<ProcessingPipeline, 'process'> = {
      async process({ entity }) {
        processed.push(entity.metadata.name);
        await onProcess(processed.length);
        return { ...nothing, processed: JSON.stringify(entity), external: false };
      },
    };
    engine = new ProcessingEngine({
      knex,
      logger: {
        error: (_: string, { message }: Error) => void errors.push(message),
        info() {},
        debug() {},
      } as never,
      pipeline: pipeline as ProcessingPipeline,
      fingerprint: 'test',
      keepOrphans: true,
      dueIn: () => Number.MAX_SAFE_INTEGER,
      onProcessed() {},
      onStitched() {},
    });
    engine.start();
  }
  const served = async () => Number((await knex('catalog_entities').count())[0]!.count);

  it('processes the next entities while the results of the ones before are stored', async () => {
    const ref = 'component:default/e0';
    await store(250);
    work(at => (at === 1 ? lock('catalog_refresh_state').where('entity_ref', ref).forUpdate() : undefined));
    await eventually(async () => expect(processed).toHaveLength(250));
    expect(await served()).toBe(0);
    await lock.rollback();
    await eventually(async () => expect(await served()).toBe(250));
  });

  async function refuseTheFirst(): Promise<void> {
    await knex.raw(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$`,
    );
    await knex.raw(
      `CREATE TRIGGER refuse BEFORE UPDATE ON catalog_refresh_state FOR EACH ROW
       WHEN (NEW.entity_ref = 'component:default/e0' AND NEW.processed IS NOT NULL) EXECUTE FUNCTION refuse()`,
    );
  }

  it('tells once that the last entities can not be stored', async () => {
    await refuseTheFirst();
    await store(50);
    work(() => undefined);
    await engine.whenIdle();
    expect(errors).toEqual([expect.stringContaining('not this one')]);
  });

  it('stores what comes after entities that can not be stored', async () => {
    await refuseTheFirst();
    await store(250);
    work(() => undefined);
    await eventually(async () => expect(await served()).toBe(50));
    expect(errors).toEqual([expect.stringContaining('not this one')]);
  });

  it.each([
    ['looks for work', 'catalog_refresh_state', 0],
    ['stores what it has processed', 'catalog_references', 1],
  ])('stops while it %s, though the database does not answer', async (_, table, entities) => {
    await store(entities);
    await lock.raw('LOCK TABLE ?? IN ACCESS EXCLUSIVE MODE', [table]);
    work(() => undefined);
    await database.waiting(1);
    await engine.stop(0, 50);
    expect(processed).toHaveLength(entities);
  });

  it('claims nothing if its stop is over while it looks for work', async () => {
    const take = jest.spyOn(ProcessingLease.prototype, 'take');
    await store(3);
    await lock.raw('LOCK TABLE catalog_refresh_state IN ACCESS EXCLUSIVE MODE');
    work(() => undefined);
    await database.waiting(1);
    await engine.stop(0, 50);
    await lock.rollback();
    // Waits for the loop, which has an answer now.
    await engine.stop();
    expect(take).not.toHaveBeenCalled();
    take.mockRestore();
  });

  it('gives back what it has claimed if its stop is over by then', async () => {
    await store(3);
    await lock.raw('LOCK TABLE catalog_refresh_state IN EXCLUSIVE MODE');
    work(() => undefined);
    await database.waiting(1);
    await engine.stop(0, 50);
    const claimed = new Promise(resolve =>
      knex.once('query-response', (rows: { rowCount: number }) => resolve(rows.rowCount)),
    );
    await lock.rollback();
    expect(await claimed).toBe(3);
    await eventually(async () => {
      expect(await knex('catalog_refresh_state').whereNotNull('claim')).toEqual([]);
    });
    expect(processed).toEqual([]);
  });

  it('stitches a full queue over two connections', async () => {
    await lock('catalog_revision').forUpdate();
    await store(1_200);
    const done = { processed: knex.ref('unprocessed'), due_at: Number.MAX_SAFE_INTEGER };
    await knex('catalog_refresh_state').update(done);
    await knex.transaction(async tx =>
      queueStitch(tx, await tx('catalog_refresh_state').pluck('entity_ref')),
    );
    work(() => undefined);
    await database.waiting(2);
    await lock.rollback();
    await eventually(async () => expect(await served()).toBe(1_200));
  });

  it('processes again what an instance of an earlier release asked for meanwhile, which knows no end of a claim', async () => {
    await store(1);
    await knex('catalog_refresh_state').update({ due_at: 1 });
    work(at => (at === 1 ? knex('catalog_refresh_state').update({ due_at: databaseNow(knex) }) : undefined));
    await engine.whenIdle();
    expect(processed).toEqual(['e0', 'e0']);
  });

  it('tells once what fails again and again, and anew when it has worked in between', async () => {
    const failed = (count: number) =>
      new Promise<void>(resolve => {
        knex.on('query-error', () => {
          setImmediate(() => engine.wake());
          if (--count === 0) resolve();
        });
      });
    work(() => undefined);
    for (const round of [1, 2]) {
      await engine.whenIdle();
      const often = failed(3);
      await knex.schema.renameTable('catalog_refresh_state', 'elsewhere');
      engine.wake();
      await often;
      await knex.schema.renameTable('elsewhere', 'catalog_refresh_state');
      knex.removeAllListeners('query-error');
      await engine.whenIdle();
      expect(errors).toEqual(Array(round).fill(expect.stringContaining('does not exist')));
    }
  });
});
