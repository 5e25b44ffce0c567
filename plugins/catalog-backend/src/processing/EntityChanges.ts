// Manual changes to entities by users.
import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import type { ProcessingProblem } from './ProcessingResult';
import { refreshEntity } from './refreshEntities';
import { removeEntities, removeUnreferenced } from './removeUnreferenced';

/** Changes the database. `wake` notifies the processing engine. */
export class EntityChanges {
  readonly #knex: Knex;
  readonly #wake: () => void;

  constructor(knex: Knex, wake: () => void) {
    this.#knex = knex;
    this.#wake = wake;
  }

  /** Removes an entity and everything that only it led to. If something still refers to it, processing brings it back. */
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

  /** Schedules an entity, and the Locations that it is read from, for processing. */
  async refresh(ref: string): Promise<void> {
    if (!(await refreshEntity(this.#knex, ref)))
      throw new NotFoundError(`The catalog has no entity '${ref}'`);
    this.#wake();
  }

  /** All stored problems, with those of up to a hundred entities in memory at once. */
  async *problems(): AsyncGenerator<ProcessingProblem> {
    for (let after = 0; ;) {
      const rows: Array<{ id: number; errors: string }> = await this.#knex('catalog_refresh_state')
        .whereNotNull('errors')
        .andWhere('id', '>', after)
        .orderBy('id')
        .limit(100)
        .select('id', 'errors');
      for (const { errors } of rows) yield* JSON.parse(errors) as ProcessingProblem[];
      if (rows.length === 0) return;
      after = rows.at(-1)!.id;
    }
  }
}
