// Makes the stored references of sources equal to what they give.
import type { Knex } from 'knex';
import { rowsOf, valuesTable } from '../database/valuesTable';

/** The targets that a source leads to from now on, and those to which it no longer does. */
export interface ReplacedReferences {
  readonly added: string[];
  readonly obsolete: string[];
}

/** What is given is all that the sources lead to. */
export async function replaceReferences(
  tx: Knex,
  targetsBySource: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReplacedReferences> {
  const sources = [...targetsBySource.keys()];
  if (sources.length === 0) return { added: [], obsolete: [] };
  const stored = rowsOf<{ source: string; target_ref: string }>(
    await tx.raw(
      'SELECT r.source, r.target_ref FROM ? JOIN catalog_references r ON r.source = given.source',
      [
        valuesTable(
          tx,
          'given',
          { source: 'text' },
          sources.map(source => [source]),
        ),
      ],
    ),
  );
  const missing = new Map([...targetsBySource].map(([source, targets]) => [source, new Set(targets)]));
  const obsolete: Array<[string, string]> = [];
  for (const { source, target_ref } of stored) {
    if (!missing.get(source)?.delete(target_ref)) obsolete.push([source, target_ref]);
  }
  const added = [...missing].flatMap(([source, targets]) =>
    [...targets].map((target): [string, string] => [source, target]),
  );
  await addReferences(tx, added);
  await removeReferences(tx, obsolete);
  return { added: added.map(([, target]) => target), obsolete: obsolete.map(([, target]) => target) };
}

/** Adds pairs of source and target; those that are there stay. */
export async function addReferences(tx: Knex, pairs: ReadonlyArray<[string, string]>): Promise<void> {
  if (pairs.length === 0) return;
  await tx.raw(
    'INSERT INTO catalog_references (source, target_ref) SELECT source, target_ref FROM ? WHERE true ON CONFLICT DO NOTHING',
    [valuesTable(tx, 'given', { source: 'text', target_ref: 'text' }, pairs)],
  );
}

/** Removes pairs of source and target. */
export async function removeReferences(tx: Knex, pairs: ReadonlyArray<[string, string]>): Promise<void> {
  if (pairs.length === 0) return;
  await tx.raw(
    'DELETE FROM catalog_references WHERE (source, target_ref) IN (SELECT source, target_ref FROM ?)',
    [valuesTable(tx, 'given', { source: 'text', target_ref: 'text' }, pairs)],
  );
}
