// Stores what processing gave, and queues what has to be stitched for it, in one transaction.
import type { Knex } from 'knex';
import { databaseNow } from '../database/databaseNow';
import { inTransaction } from '../database/inTransaction';
import { retryDeadlocks } from '../database/retryDeadlocks';
import { rowsOf, valuesTable } from '../database/valuesTable';
import { queueStitch } from '../stitching/queueStitch';
import { addUnprocessed, type ClaimConflict } from './addUnprocessed';
import { findUnread } from './findUnread';
import { removeUnreferenced } from './removeUnreferenced';
import { replaceReferences } from './replaceReferences';
import { replaceRefreshKeys } from './replaceRefreshKeys';
import { replaceRelations, type StoredRelation } from './replaceRelations';
import { describeConflict } from './describeConflict';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** A processed entity, ready to be stored. */
export interface ProcessedEntity {
  readonly id: number;
  readonly ref: string;
  /** As JSON; absent where the entity is refused, which leaves what it gave before. */
  readonly processed: string | null;
  readonly children: readonly UnprocessedEntity[];
  /** References of locations: earlier children from there stay. */
  readonly unread: readonly string[];
  readonly relations: readonly StoredRelation[];
  readonly refreshKeys: readonly string[];
  readonly errors: string | null;
  readonly cache: string;
  readonly pipeline: string;
  readonly resultHash: string;
  readonly dueInMs: number;
}

/** How to store. */
export interface CommitOptions {
  readonly claim: string;
  readonly leaseEnd: number;
  /** Whether entities that nothing leads to any more stay, as orphans. */
  readonly keepOrphans: boolean;
}

/** What a transaction did beside storing. */
export interface Committed {
  readonly conflicts: readonly ClaimConflict[];
  readonly removed: readonly string[];
}

/** Results of entities that were taken over by another instance, or removed, are dropped. */
export function commitProcessing(
  knex: Knex,
  entities: readonly ProcessedEntity[],
  options: CommitOptions,
): Promise<Committed> {
  return inTransaction(knex, tx => commitIn(tx, entities, options));
}

async function commitIn(
  tx: Knex,
  entities: readonly ProcessedEntity[],
  { claim, leaseEnd, keepOrphans }: CommitOptions,
): Promise<Committed> {
  const held = await updateStates(tx, entities, claim, leaseEnd);
  const accepted = entities.filter(({ id, processed }) => held.has(id) && processed !== null);
  const given = accepted.flatMap(({ ref, children }) =>
    children.map(entity => ({ source: `entity:${ref}`, entity })),
  );
  const conflicts = await addUnprocessed(tx, given);
  await bookConflicts(tx, entities, conflicts);
  const refused = new Set(conflicts.map(({ source, ref }) => `${source} ${ref}`));
  const targets = new Map(
    accepted.map(({ ref, children }) => {
      const source = `entity:${ref}`;
      const kept = children.filter(child => !refused.has(`${source} ${child.ref}`));
      return [source, new Set(kept.map(child => child.ref))];
    }),
  );
  for (const [source, ref] of await findUnread(tx, accepted)) targets.get(source)?.add(ref);
  const { added, obsolete } = await replaceReferences(tx, targets);
  const related = await replaceRelations(tx, accepted);
  await replaceRefreshKeys(
    tx,
    entities.filter(({ id }) => held.has(id)),
  );
  // Last, as one of these may be let go of by another.
  const removed = keepOrphans ? [] : await removeUnreferenced(tx, obsolete);
  const own = entities.filter(({ id }) => held.has(id)).map(({ ref }) => ref);
  await queueStitch(tx, [...own, ...related, ...(keepOrphans ? [...added, ...obsolete] : [])]);
  return { conflicts, removed };
}

/** Postpones entities whose processing gave what it had given before, without writing anything else. */
export async function postpone(
  knex: Knex,
  entities: ReadonlyArray<{ readonly id: number; readonly dueInMs: number }>,
  { claim, leaseEnd }: Pick<CommitOptions, 'claim' | 'leaseEnd'>,
): Promise<void> {
  if (entities.length === 0) return;
  await retryDeadlocks(async () =>
    knex.raw(
      `UPDATE catalog_refresh_state SET
       claim = NULL, due_at = CASE WHEN catalog_refresh_state.due_at = CAST(? AS bigint) THEN ? + given.due_in ELSE catalog_refresh_state.due_at END
     FROM ? WHERE catalog_refresh_state.id = given.id AND claim = ?`,
      [
        leaseEnd,
        databaseNow(knex),
        valuesTable(
          knex,
          'given',
          { id: 'integer', due_in: 'integer' },
          entities.map(({ id, dueInMs }) => [id, dueInMs]),
        ),
        claim,
      ],
    ),
  );
}

/** Another source may let go of the entity, so the claimant is asked again soon. */
const CONFLICT_RETRY_MS = 30_000;

async function bookConflicts(
  tx: Knex,
  entities: readonly ProcessedEntity[],
  conflicts: readonly ClaimConflict[],
): Promise<void> {
  for (const { ref, id, errors, children, dueInMs } of entities) {
    const own = conflicts.filter(({ source }) => source === `entity:${ref}`);
    if (own.length === 0) continue;
    const problems = own.map(conflict => describeConflict(conflict, children));
    const before = errors === null ? [] : (JSON.parse(errors) as unknown[]);
    await tx('catalog_refresh_state')
      .where({ id })
      .update({
        errors: JSON.stringify([...before, ...problems]),
        result_hash: null,
        due_at: databaseNow(tx, Math.min(dueInMs, CONFLICT_RETRY_MS)),
      });
  }
}

/** Gives those that are still this instance's; one that was asked to be refreshed meanwhile stays due. */
async function updateStates(
  tx: Knex,
  entities: readonly ProcessedEntity[],
  claim: string,
  leaseEnd: number,
): Promise<Set<number>> {
  const columns = {
    id: 'integer',
    processed: 'text',
    errors: 'text',
    cache: 'text',
    pipeline: 'text',
    result_hash: 'text',
    due_in: 'integer',
  } as const;
  const rows = entities.map(entity => [
    entity.id,
    entity.processed,
    entity.errors,
    entity.cache,
    entity.pipeline,
    entity.resultHash,
    entity.dueInMs,
  ]);
  const result = await tx.raw(
    `UPDATE catalog_refresh_state SET
       processed = coalesce(given.processed, catalog_refresh_state.processed), errors = given.errors,
       cache = given.cache, pipeline = given.pipeline, result_hash = given.result_hash, claim = NULL,
       due_at = CASE
         WHEN catalog_refresh_state.due_at = CAST(? AS bigint) THEN ? + given.due_in ELSE catalog_refresh_state.due_at
       END
     FROM ? WHERE catalog_refresh_state.id = given.id AND claim = ?
     RETURNING catalog_refresh_state.id`,
    [leaseEnd, databaseNow(tx), valuesTable(tx, 'given', columns, rows), claim],
  );
  return new Set(rowsOf<{ id: number }>(result).map(({ id }) => id));
}
