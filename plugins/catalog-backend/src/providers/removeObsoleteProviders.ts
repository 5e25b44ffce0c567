// Removes the entities of providers that are no longer part of the catalog.
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import { columnOf, isPostgres, listTable } from '../database/valuesTable';
import { removeUnreferenced } from '../processing/removeUnreferenced';

/** `current` are the names of all existing providers. */
export async function removeObsoleteProviders(knex: Knex, current: readonly string[]): Promise<void> {
  const sources = current.map(name => `provider:${name}`);
  await inTransaction(knex, async tx => {
    if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(7206117)');
    const letGo = columnOf(
      await tx.raw(
        `DELETE FROM catalog_references
         WHERE source LIKE 'provider:%' AND source NOT IN (SELECT name FROM ?) RETURNING target_ref`,
        [listTable(tx, 'current', { name: 'text' }, sources)],
      ),
    );
    await removeUnreferenced(tx, letGo);
  });
}
