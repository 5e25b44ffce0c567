// Stores the entities that sources supply, each for the source that claimed it first.
import { randomUUID } from 'node:crypto';
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { batches } from '../database/batches';
import { databaseNow } from '../database/databaseNow';
import { columnOf, listTable, recordsTable, rowsOf, valuesTable } from '../database/valuesTable';
import { describePlace, type DocumentLines, placeOf } from '../ingestion/DocumentLines';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** An entity and its source: `provider:<name>`, or `entity:<ref>` of the parent. */
export interface GivenEntity {
  readonly source: string;
  readonly entity: UnprocessedEntity;
}

/** An entity that already belongs to another source. */
export interface ClaimConflict extends GivenEntity {
  /** The location key of the other source. */
  readonly heldBy: string;
  /** `file:line` of the other document, if it comes from a file. */
  readonly heldAt?: string;
}

/** What is already stored of an entity. */
type Stored = Pick<UnprocessedEntity, 'ref' | 'locationKey' | 'hash' | 'lines'>;

/**
 * Adds new entities and updates changed ones, which makes them due immediately. The first source of an entity keeps
 * it for as long as it supplies it, under whichever location key: others cause a conflict. Does not write references.
 *
 * @param unread - references whose location could not be read: these entities keep their location keys
 */
export async function addUnprocessed(
  tx: Knex,
  given: readonly GivenEntity[],
  unread: ReadonlyArray<readonly [source: string, ref: string]> = [],
): Promise<ClaimConflict[]> {
  const keeping = new Set(unread.map(([source, ref]) => `${source} ${ref}`));
  const conflicts: ClaimConflict[] = [];
  let left = given;
  while (left.length > 0) {
    const { found, late } = await addWhatIsFree(tx, left, keeping);
    conflicts.push(...found.filter(({ entity }) => !late.has(entity.ref)));
    left = left.filter(({ entity }) => late.has(entity.ref));
  }
  return conflicts;
}

/** `late` contains entities that another instance has added or claimed since they were read. */
async function addWhatIsFree(
  tx: Knex,
  given: readonly GivenEntity[],
  keeping: ReadonlySet<string>,
): Promise<{ found: ClaimConflict[]; late: ReadonlySet<string> }> {
  await keepFromRemoval(tx, given);
  const stored = await readStored(tx, [...new Set(given.map(({ entity }) => entity.ref))]);
  for (const { ref, locationKey } of await changeKeys(tx, movedAmong(given, stored, keeping))) {
    stored.set(ref, { ...stored.get(ref)!, locationKey });
  }
  const added = new Map<string, UnprocessedEntity>();
  const updated = new Map<string, UnprocessedEntity>();
  const conflicts: ClaimConflict[] = [];

  for (const { source, entity } of given) {
    const before = stored.get(entity.ref);
    if (!before) {
      added.set(entity.ref, entity);
    } else if (isHeld(stored, { entity })) {
      conflicts.push({ source, entity, ...describeHolder(before) });
      continue;
    } else if (before.hash !== entity.hash || before.locationKey !== entity.locationKey) {
      (added.has(entity.ref) ? added : updated).set(entity.ref, entity);
    }
    stored.set(entity.ref, entity);
  }
  const late = new Set([...added.keys(), ...updated.keys()]);
  for (const batch of parts(added)) {
    for (const ref of await insertAll(tx, batch)) late.delete(ref);
    // SQLite's driver is synchronous, so nothing else would get a turn.
    await new Promise(setImmediate);
  }
  for (const batch of parts(updated)) for (const ref of await updateAll(tx, batch)) late.delete(ref);
  return { found: conflicts, late };
}

/**
 * Locks entities that a source refers to for the first time. A concurrent transaction that drops the last other
 * reference can't see the new one, and would remove the entity. Existing references protect it anyway.
 */
async function keepFromRemoval(tx: Knex, given: readonly GivenEntity[]): Promise<void> {
  if (!isPostgres(tx)) return;
  const pairs = given.map(({ source, entity }) => [entity.ref, source]);
  await tx.raw(
    `SELECT s.entity_ref FROM ? JOIN catalog_refresh_state s ON s.entity_ref = given.ref
     WHERE NOT EXISTS (SELECT 1 FROM catalog_references r WHERE r.source = given.source AND r.target_ref = given.ref)
     ORDER BY s.entity_ref FOR KEY SHARE OF s`,
    [valuesTable(tx, 'given', { ref: 'text', source: 'text' }, pairs)],
  );
}

/** Whether the entity is stored under another location key. */
function isHeld(stored: ReadonlyMap<string, Stored>, { entity }: Pick<GivenEntity, 'entity'>): boolean {
  const key = stored.get(entity.ref)?.locationKey ?? null;
  return key !== null && key !== entity.locationKey;
}

/** What a source gives under another location key than it is stored with, but for what the source still has there. */
function movedAmong(
  given: readonly GivenEntity[],
  stored: ReadonlyMap<string, Stored>,
  keeping: ReadonlySet<string>,
): GivenEntity[] {
  const held = given.filter(each => isHeld(stored, each));
  if (held.length === 0) return held;
  const pairOf = ({ source, entity }: GivenEntity) => `${source} ${entity.ref}`;
  const unmoved = new Set(given.filter(each => !isHeld(stored, each)).map(pairOf));
  return held.filter(each => !keeping.has(pairOf(each)) && !unmoved.has(pairOf(each)));
}

/** Changes the location keys of what no other source supplies: of renamed files, and of orphans. Returns those changed. */
async function changeKeys(
  tx: Knex,
  given: readonly GivenEntity[],
): Promise<Array<Pick<Stored, 'ref' | 'locationKey'>>> {
  if (given.length === 0) return [];
  const rows = given.map(({ source, entity }) => [entity.ref, source, entity.locationKey]);
  if (isPostgres(tx)) {
    // In a statement of its own, because the next one has to see the references of those it waits for.
    await tx.raw(
      `SELECT s.entity_ref FROM ? JOIN catalog_refresh_state s ON s.entity_ref = given.ref
       ORDER BY s.entity_ref FOR NO KEY UPDATE OF s`,
      [listTable(tx, 'given', { ref: 'text' }, [...new Set(given.map(({ entity }) => entity.ref))])],
    );
  }
  return rowsOf(
    await tx.raw(
      `UPDATE catalog_refresh_state SET location_key = given.locationKey FROM ?
       WHERE catalog_refresh_state.entity_ref = given.ref
         AND NOT EXISTS (SELECT 1 FROM catalog_references r WHERE r.target_ref = given.ref AND r.source <> given.source)
       RETURNING entity_ref AS ref, location_key AS "locationKey"`,
      [valuesTable(tx, 'given', { ref: 'text', source: 'text', locationKey: 'text' }, rows)],
    ),
  );
}

function describeHolder({ locationKey, lines }: Stored): Pick<ClaimConflict, 'heldBy' | 'heldAt'> {
  const heldBy = locationKey ?? 'a source without a location';
  if (lines === null) return { heldBy };
  return { heldBy, heldAt: describePlace(placeOf(JSON.parse(lines) as DocumentLines, [], heldBy)) };
}

async function readStored(tx: Knex, refs: string[]): Promise<Map<string, Stored>> {
  const wanted = listTable(tx, 'wanted', { ref: 'text' }, refs);
  const rows = rowsOf<Stored>(
    await tx.raw(
      `SELECT s.entity_ref AS ref, s.location_key AS "locationKey", s.unprocessed_hash AS hash, s.lines
       FROM ? JOIN catalog_refresh_state s ON s.entity_ref = wanted.ref`,
      [wanted],
    ),
  );
  return new Map(rows.map(row => [row.ref, row]));
}

/** One statement each, because parameters are in memory several times until they are sent. */
function parts(entities: ReadonlyMap<string, UnprocessedEntity>): Iterable<UnprocessedEntity[]> {
  return batches([...entities.values()], 1_000, ({ json, lines }) => json.length + (lines?.length ?? 0));
}

/** Returns the references of inserted entities. Another instance may have inserted the others first. */
async function insertAll(tx: Knex, entities: UnprocessedEntity[]): Promise<string[]> {
  const records = entities.map(entity => ({ uid: randomUUID(), ...entity }));
  const inserted = await tx.raw(
    `INSERT INTO catalog_refresh_state
       (uid, entity_ref, location_key, unprocessed, unprocessed_hash, lines, origin, due_at)
     SELECT uid, ref, locationKey, json, hash, lines, origin, ? FROM ? WHERE true
     ON CONFLICT (entity_ref) DO NOTHING
     RETURNING entity_ref`,
    [databaseNow(tx), recordsTable(tx, 'given', { uid: 'text', ...COLUMNS }, records)],
  );
  return columnOf(inserted);
}

/** Returns the references of updated entities: those that still exist and that the source may still claim. */
async function updateAll(tx: Knex, entities: UnprocessedEntity[]): Promise<string[]> {
  const updated = await tx.raw(
    `UPDATE catalog_refresh_state SET
       location_key = given.locationKey, unprocessed = given.json, unprocessed_hash = given.hash,
       lines = given.lines, origin = given.origin, due_at = ?, claimed_until = NULL
     FROM ? WHERE catalog_refresh_state.entity_ref = given.ref
       AND (catalog_refresh_state.location_key IS NULL OR catalog_refresh_state.location_key = given.locationKey)
     RETURNING entity_ref`,
    [databaseNow(tx), recordsTable(tx, 'given', COLUMNS, entities)],
  );
  return columnOf(updated);
}

const COLUMNS = {
  ref: 'text',
  locationKey: 'text',
  json: 'text',
  hash: 'text',
  lines: 'text',
  origin: 'text',
} as const;
