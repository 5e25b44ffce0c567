// Stores processing results and queues the affected entities for stitching, in one transaction.
import { isDynamicPattern } from 'tinyglobby';
import type { Knex } from 'knex';
import { batches } from '../database/batches';
import { databaseNow } from '../database/databaseNow';
import { inTransaction, retryDeadlocks } from '../database/inTransaction';
import { replaceRows } from '../database/replaceRows';
import { listTable, recordsTable, rowsOf } from '../database/valuesTable';
import { patternOf } from '../processors/literalFolder';
import { queueStitch } from '../stitching/queueStitch';
import { addUnprocessed, type ClaimConflict } from './addUnprocessed';
import { describeConflict } from './describeConflict';
import { REFERENCES, REFRESH_KEYS, RELATIONS } from './ownedRows';
import type { ProcessingResult } from './ProcessingResult';
import { removeUnreferenced } from './removeUnreferenced';

/** A claimed entity that is to be processed again after some time. */
export interface PostponedEntity {
  readonly id: number;
  /** When it was due at the time of the claim. */
  readonly wasDueAt: number;
  readonly dueInMs: number;
}

/** A processed entity, ready to be stored. */
export interface ProcessedEntity extends PostponedEntity, Omit<ProcessingResult, 'problems' | 'external'> {
  readonly ref: string;
  readonly errors: string | null;
  readonly pipeline: string;
  readonly resultHash: string;
}

export interface CommitOptions {
  readonly claim: string;
  /** Whether entities that nothing refers to any more stay, as orphans. */
  readonly keepOrphans: boolean;
}

/**
 * Needs the current time as parameter. Entities that were refreshed meanwhile have no claim any more, and stay due. A
 * release that does not know `claimed_until` leaves the claim, but changes when the entity is due.
 */
const RELEASED = `claim = NULL, claimed_until = NULL, due_at = CASE
  WHEN catalog_refresh_state.claimed_until IS NULL OR catalog_refresh_state.due_at <> given.wasDueAt
  THEN catalog_refresh_state.due_at ELSE ? + given.dueInMs
END`;

/** Drops the results of entities that were removed or taken over by another instance. Returns the conflicts. */
export function commitProcessing(
  knex: Knex,
  entities: readonly ProcessedEntity[],
  { claim, keepOrphans }: CommitOptions,
): Promise<ClaimConflict[]> {
  return inTransaction(knex, async tx => {
    const heldIds = await updateStates(tx, entities, claim);
    const held = entities.filter(({ id }) => heldIds.has(id));
    const accepted = held.filter(({ processed }) => processed !== null);
    const given = accepted.flatMap(({ ref, children }) =>
      children.map(entity => ({ source: `entity:${ref}`, entity })),
    );
    const unread = await findUnread(tx, accepted);
    const conflicts = await addUnprocessed(tx, given, unread);
    await bookConflicts(tx, entities, conflicts);
    const refused = new Set(conflicts.map(({ entity }) => entity));
    const kept = given
      .filter(({ entity }) => !refused.has(entity))
      .map(({ source, entity }) => [source, entity.ref] as const);
    const { added, obsolete } = await replaceRows(
      tx,
      REFERENCES,
      accepted.map(({ ref }) => `entity:${ref}`),
      [...kept, ...unread],
    );
    const relations = await replaceRows(
      tx,
      RELATIONS,
      accepted.map(({ id }) => id),
      accepted.flatMap(({ id, relations: own }) =>
        own.map(({ sourceRef, type, targetRef }) => [id, sourceRef, type, targetRef] as const),
      ),
    );
    await replaceRows(
      tx,
      REFRESH_KEYS,
      held.map(({ id }) => id),
      held.flatMap(({ id, refreshKeys }) => refreshKeys.map(key => [id, key] as const)),
    );
    const letGo = obsolete.map(([, ref]) => ref);
    // Last, because the removed entities may include some from this batch.
    if (!keepOrphans) await removeUnreferenced(tx, letGo);
    await queueStitch(tx, [
      ...held.map(({ ref }) => ref),
      ...[...relations.added, ...relations.obsolete].map(([, sourceRef]) => sourceRef),
      ...(keepOrphans ? [...added.map(([, ref]) => ref), ...letGo] : []),
    ]);
    return conflicts;
  });
}

function isSingleFile(location: string): boolean {
  const [, type, target] = /^(file|url):(.+)/s.exec(location) ?? [];
  return target !== undefined && !isDynamicPattern(type === 'file' ? patternOf(target) : target);
}

/** Returns the references (source and target) that stay because their location, or its folder, could not be read. */
async function findUnread(
  tx: Knex,
  entities: readonly ProcessedEntity[],
): Promise<Array<readonly [source: string, ref: string]>> {
  const places = new Map<string, ReadonlySet<string> | 'all'>();
  for (const { ref, unread } of entities) {
    // For others, such as globs and what a processor reads, all of them stay: it is not stored what those led to.
    if (unread.length > 0) places.set(`entity:${ref}`, unread.every(isSingleFile) ? new Set(unread) : 'all');
  }
  if (places.size === 0) return [];
  const rows = rowsOf<{ source: string; ref: string; key: string | null }>(
    await tx.raw(
      `SELECT r.source, r.target_ref AS ref, s.location_key AS key FROM ?
       JOIN catalog_references r ON r.source = unread.source
       JOIN catalog_refresh_state s ON s.entity_ref = r.target_ref`,
      [listTable(tx, 'unread', { source: 'text' }, [...places.keys()])],
    ),
  );
  return rows
    .filter(({ source, key }) => {
      const unread = places.get(source)!;
      return unread === 'all' || (key !== null && isWithin(unread, key));
    })
    .map(({ source, ref }) => [source, ref]);
}

/** Whether the location, or a folder that it is in, is one of the places. */
function isWithin(places: ReadonlySet<string>, location: string): boolean {
  if (places.has(location)) return true;
  for (let end = location.lastIndexOf('/'); end > 0; end = location.lastIndexOf('/', end - 1)) {
    if (places.has(location.slice(0, end + 1))) return true;
  }
  return false;
}

/** Reschedules entities whose result has not changed, without writing anything else. */
export async function postpone(
  knex: Knex,
  entities: readonly PostponedEntity[],
  { claim }: Pick<CommitOptions, 'claim'>,
): Promise<void> {
  if (entities.length === 0) return;
  const columns = { id: 'integer', wasDueAt: 'integer', dueInMs: 'integer' } as const;
  const given = recordsTable(knex, 'given', columns, entities);
  await retryDeadlocks(async () =>
    knex.raw(
      `UPDATE catalog_refresh_state SET ${RELEASED}
       FROM ? WHERE catalog_refresh_state.id = given.id AND claim = ?`,
      [databaseNow(knex), given, claim],
    ),
  );
}

/** The other source may drop the entity, so this one is processed again soon. */
const CONFLICT_RETRY_MS = 30_000;

async function bookConflicts(
  tx: Knex,
  entities: readonly ProcessedEntity[],
  conflicts: readonly ClaimConflict[],
): Promise<void> {
  for (const { ref, id, errors, dueInMs } of entities) {
    const own = conflicts.filter(({ source }) => source === `entity:${ref}`);
    if (own.length === 0) continue;
    const before = errors === null ? [] : (JSON.parse(errors) as unknown[]);
    await tx('catalog_refresh_state')
      .where({ id })
      .update({
        errors: JSON.stringify([...before, ...own.map(describeConflict)]),
        result_hash: null,
        due_at: databaseNow(tx, Math.min(dueInMs, CONFLICT_RETRY_MS)),
      });
  }
}

/** Returns the ids of entities that this instance still holds. */
async function updateStates(
  tx: Knex,
  entities: readonly ProcessedEntity[],
  claim: string,
): Promise<Set<number>> {
  const columns = {
    id: 'integer',
    wasDueAt: 'integer',
    processed: 'text',
    errors: 'text',
    cache: 'text',
    pipeline: 'text',
    resultHash: 'text',
    dueInMs: 'integer',
  } as const;
  const held = new Set<number>();
  const lengthOf = ({ processed, cache }: ProcessedEntity) => (processed?.length ?? 0) + cache.length;
  for (const batch of batches(entities, entities.length, lengthOf)) {
    const result = await tx.raw(
      `UPDATE catalog_refresh_state SET
         processed = coalesce(given.processed, catalog_refresh_state.processed), errors = given.errors,
         cache = given.cache, pipeline = given.pipeline, result_hash = given.resultHash, ${RELEASED}
       FROM ? WHERE catalog_refresh_state.id = given.id AND claim = ?
       RETURNING catalog_refresh_state.id`,
      [databaseNow(tx), recordsTable(tx, 'given', columns, batch), claim],
    );
    for (const { id } of rowsOf<{ id: number }>(result)) held.add(id);
  }
  return held;
}
