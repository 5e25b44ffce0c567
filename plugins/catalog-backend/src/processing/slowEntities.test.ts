// That an entity whose processing never ends keeps nothing else from being processed.
import type { Entity } from '@backstage/catalog-model';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { eventually } from '@greenroom/testing';
import type { Knex } from 'knex';
import { createCatalogTables } from '../testing/createCatalogTables';
import { clients, component } from '../testing/startTestCatalog';
import { addUnprocessed } from './addUnprocessed';
import { ProcessingEngine } from './ProcessingEngine';
import { ProcessingLease } from './ProcessingLease';
import type { PipelineInput, ProcessingPipeline } from './ProcessingPipeline';
import type { ProcessingResult } from './ProcessingResult';
import { toUnprocessed } from './UnprocessedEntity';

const nothing = { children: [], unread: [], relations: [], refreshKeys: [], problems: [], cache: '{}' };

describe.each(clients)('beside an entity that is not done, on %s', client => {
  let knex: Knex;
  let remove: () => Promise<void>;
  let engine: ProcessingEngine;
  /** How often each entity was processed, by name. */
  let runs: { [name: string]: number };
  let warnings: string[];
  let finish: () => void;

  /** How long the others of its batch wait for it. */
  let patienceMs: number;

  beforeEach(async () => {
    patienceMs = 50;
    ({ knex, remove } = await createCatalogTables(client));
    runs = {};
    warnings = [];
    const pipeline = {
      async process({ entity }: PipelineInput): Promise<ProcessingResult> {
        const { name } = entity.metadata;
        runs[name] = (runs[name] ?? 0) + 1;
        if (name.startsWith('slow')) await new Promise<void>(resolve => (finish = resolve));
        return { ...nothing, processed: JSON.stringify(entity), external: true };
      },
    } as ProcessingPipeline;
    engine = new ProcessingEngine({
      knex,
      logger: { warn: (text: string) => warnings.push(text) } as unknown as LoggerService,
      pipeline,
      fingerprint: 'test',
      keepOrphans: true,
      dueIn: () => 600_000,
      get patienceMs() {
        return patienceMs;
      },
      onProcessed() {},
      onStitched() {},
    });
    await add('slow', 'one');
    engine.start();
  });
  afterEach(async () => {
    await engine.stop();
    await remove();
  });

  async function add(...names: string[]): Promise<void> {
    const given = names.map(name => ({
      source: 'provider:test',
      entity: toUnprocessed(component(name) as Entity, null),
    }));
    await knex.transaction(async tx => void (await addUnprocessed(tx, given)));
    engine.wake();
  }
  /** What another instance could process at once. */
  async function claimable(): Promise<string[]> {
    const lease = new ProcessingLease(knex);
    const claimed = await lease.take(100);
    await lease.release();
    return claimed.map(({ entity_ref: ref }) => ref);
  }
  const served = () => knex('catalog_entities').orderBy('entity_ref').pluck('entity_ref');

  it('all others are processed and served, and it is once it is done', async () => {
    const [slow, one, two] = ['slow', 'one', 'two'].map(name => `component:default/${name}`);
    await eventually(async () => expect(await served()).toEqual([one]));
    await add('two');
    await eventually(async () => expect(await served()).toEqual([one, two]));
    expect(warnings).toEqual([
      expect.stringMatching(/^Processing 'component:default\/slow' has taken 0\.05 s/),
    ]);
    finish();
    await eventually(async () => expect(await served()).toEqual([one, slow, two]));
    expect(runs).toEqual({ slow: 1, one: 1, two: 1 });
    expect(await knex('catalog_refresh_state').whereNotNull('claim').pluck('entity_ref')).toEqual([]);
  });

  it('a stop does not wait, and what it gives later is not stored', async () => {
    await eventually(async () => expect(await served()).toHaveLength(1));
    await engine.stop();
    finish();
    await new Promise(setImmediate);
    const left = knex('catalog_refresh_state').whereNull('processed').pluck('entity_ref');
    expect(await left).toEqual(['component:default/slow']);
    expect(await claimable()).toEqual(['component:default/slow']);
  });

  it('a stop waits two seconds at most until the database lets it give that back', async () => {
    await eventually(async () => expect(await served()).toHaveLength(1));
    // In PostgreSQL this locks the rows, in SQLite it takes the only connection.
    const holding = await knex.transaction();
    await holding('catalog_refresh_state').forUpdate().select('id');
    await engine.stop(100);
    await holding.rollback();
    await eventually(async () => expect(await claimable()).toEqual(['component:default/slow']));
  });

  it('a stop gives it up while it is still waited for, begins nothing more and stores what is done', async () => {
    await eventually(async () => expect(await served()).toHaveLength(1));
    patienceMs = 60_000;
    // More than are processed at the same time, and all of those are slow.
    const slow = Array.from({ length: 16 }, (_, at) => `slow-${at}`);
    await add('two', ...slow, 'three');
    await eventually(async () => expect(runs).toHaveProperty('slow-15'));
    await engine.stop(100);
    expect(runs).not.toHaveProperty('three');
    const left = knex('catalog_refresh_state').whereNull('processed').orderBy('id').pluck('entity_ref');
    const names = ['slow', ...slow, 'three'].map(name => `component:default/${name}`);
    expect(await left).toEqual(names);
    expect(await claimable()).toEqual(names);
    // Nothing to warn of: the next instance processes them.
    expect(warnings).toHaveLength(1);
  });
});
