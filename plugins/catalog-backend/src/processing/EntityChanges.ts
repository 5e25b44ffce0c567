// What people change about entities by hand.
import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import { rowsOf } from '../database/valuesTable';
import { refreshEntity } from './refreshEntities';
import { removeEntities, removeUnreferenced } from './removeUnreferenced';

/** Works on the database; `wake` tells the engine. */
export class EntityChanges {
  readonly #knex: Knex;
  readonly #wake: () => void;

  constructor(knex: Knex, wake: () => void) {
    this.#knex = knex;
    this.#wake = wake;
  }

  /** Removes an entity and what only it led to. What still leads to it brings it back when it is next processed. */
  async removeByUid(uid: string): Promise<void> {
    await inTransaction(this.#knex, async tx => {
      const row = await tx('catalog_refresh_state').where({ uid }).first('entity_ref');
      if (!row) throw new NotFoundError(`The catalog has no entity with the uid '${uid}'`);
      await tx.raw(
        `UPDATE catalog_refresh_state SET result_hash = NULL WHERE entity_ref IN (
           SELECT substr(source, 8) FROM catalog_references WHERE target_ref = ? AND source LIKE 'entity:%'
         )`,
        [row.entity_ref],
      );
      await removeUnreferenced(tx, await removeEntities(tx, [row.entity_ref]));
    });
    this.#wake();
  }

  /** Lets an entity, and where it is read from, be processed soon. */
  async refresh(ref: string): Promise<void> {
    if (!(await refreshEntity(this.#knex, ref)))
      throw new NotFoundError(`The catalog has no entity '${ref}'`);
    this.#wake();
  }

  /** What is wrong with what was read, each with its place. */
  async problems(): Promise<string[]> {
    const rows = rowsOf<{ errors: string }>(
      await this.#knex.raw('SELECT errors FROM catalog_refresh_state WHERE errors IS NOT NULL ORDER BY id'),
    );
    return rows.map(row => row.errors);
  }
}
