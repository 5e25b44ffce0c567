// Lets go of what providers gave that are no longer part of the catalog.
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import { isPostgres, rowsOf, valuesTable } from '../database/valuesTable';
import { removeUnreferenced } from '../processing/removeUnreferenced';

/** `current` are the names of the providers that are there. */
export function removeObsoleteProviders(knex: Knex, current: readonly string[]): Promise<void> {
  return inTransaction(knex, tx => removeOthers(tx, current));
}

async function removeOthers(tx: Knex, current: readonly string[]): Promise<void> {
  if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(7206117)');
  const names = valuesTable(
    tx,
    'current',
    { name: 'text' },
    current.map(name => [`provider:${name}`]),
  );
  const rows = rowsOf<{ target_ref: string }>(
    await tx.raw(
      `DELETE FROM catalog_references WHERE source LIKE 'provider:%' AND source NOT IN (SELECT name FROM ?)
       RETURNING target_ref`,
      [names],
    ),
  );
  await removeUnreferenced(
    tx,
    rows.map(row => row.target_ref),
  );
}
