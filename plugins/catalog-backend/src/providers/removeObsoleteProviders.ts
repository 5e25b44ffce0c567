// Removes the entities of providers that are no longer part of the catalog.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import { columnOf } from '../database/valuesTable';
import { removeUnreferenced } from '../processing/removeUnreferenced';

/** Other instances wait for the entities that a transaction removes. */
const REMOVED_AT_ONCE = 1_000;

/** `current` are the names of all existing providers. What is left if this is interrupted is removed with the next start. */
export async function removeObsoleteProviders(knex: Knex, current: readonly string[]): Promise<void> {
  const sources = columnOf(
    await knex.raw(`SELECT DISTINCT source FROM catalog_references WHERE source LIKE 'provider:%'`),
  );
  const kept = new Set(current.map(name => `provider:${name}`));
  for (const source of sources.filter(name => !kept.has(name))) {
    while ((await removeSome(knex, source)) === REMOVED_AT_ONCE) {
      // SQLite's driver is synchronous, so nothing else would get a turn.
      await new Promise(setImmediate);
    }
  }
}

function removeSome(knex: Knex, source: string): Promise<number> {
  return inTransaction(knex, async tx => {
    if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(7206117)');
    const letGo = columnOf(
      await tx.raw(
        `DELETE FROM catalog_references WHERE source = ? AND target_ref IN (
           SELECT target_ref FROM catalog_references WHERE source = ? LIMIT ?
         ) RETURNING target_ref`,
        [source, source, REMOVED_AT_ONCE],
      ),
    );
    await removeUnreferenced(tx, letGo);
    return letGo.length;
  });
}
