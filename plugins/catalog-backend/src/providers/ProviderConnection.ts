// The connection through which a provider supplies entities.
import type {
  DeferredEntity,
  EntityProviderConnection,
  EntityProviderMutation,
} from '@greenroom/plugin-catalog-node';
import { isPostgres, parseEntityRef, stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { batches } from '../database/batches';
import { inTransaction } from '../database/inTransaction';
import { addRows, removeRows, replaceRows } from '../database/replaceRows';
import { addUnprocessed, type ClaimConflict } from '../processing/addUnprocessed';
import { REFERENCES } from '../processing/ownedRows';
import { refreshByKeys } from '../processing/refreshEntities';
import { removeUnreferenced } from '../processing/removeUnreferenced';
import { toUnprocessed, type UnprocessedEntity } from '../processing/UnprocessedEntity';
import { queueStitch } from '../stitching/queueStitch';
import { findForeignShape } from '../validation/EntityValidator';

export interface ProviderConnectionOptions {
  readonly knex: Knex;
  readonly providerName: string;
  readonly keepOrphans: boolean;
  /** Called when there is something to process. */
  readonly wake: () => void;
  readonly onConflicts: (conflicts: readonly ClaimConflict[]) => void;
}

interface PreparedMutation {
  readonly given: readonly UnprocessedEntity[];
  /** References of entities that the provider no longer supplies. */
  readonly gone: readonly string[] | 'all others';
}

/** After so many entities the event loop gets a turn: a hundred thousand take seconds. */
const PREPARED_AT_ONCE = 500;

/** Stores each mutation in one transaction. */
export class ProviderConnection implements EntityProviderConnection {
  readonly #options: ProviderConnectionOptions;
  readonly #source: string;
  /** Settles once the latest mutation is applied, or has failed. */
  #latest: Promise<unknown> = Promise.resolve();

  constructor(options: ProviderConnectionOptions) {
    this.#options = options;
    this.#source = `provider:${options.providerName}`;
  }

  async applyMutation(mutation: EntityProviderMutation): Promise<void> {
    // One after the other, in the order of the calls.
    const given = copyLists(mutation);
    const applied = this.#latest.then(async () => {
      const ready = await this.#prepare(given);
      await this.#inTurn(async () => ready);
    });
    this.#latest = applied.catch(() => {});
    return applied;
  }

  /**
   * Applies the mutation returned by `decide`, which sees all earlier mutations of any instance. Whatever it writes
   * is committed together with the mutation. May be called more than once.
   */
  applyDecided(decide: (tx: Knex) => Promise<EntityProviderMutation>): Promise<void> {
    return this.#inTurn(async tx => this.#prepare(await decide(tx)));
  }

  async #inTurn(prepare: (tx: Knex) => Promise<PreparedMutation>): Promise<void> {
    const { knex, wake, onConflicts } = this.#options;
    const conflicts = await inTransaction(knex, async tx => {
      // The same provider of different instances takes turns.
      if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(7206116, hashtext(?))', [this.#source]);
      return this.#apply(tx, await prepare(tx));
    });
    wake();
    onConflicts(conflicts);
  }

  async #prepare(mutation: EntityProviderMutation): Promise<PreparedMutation> {
    const isFull = mutation.type === 'full';
    const given: UnprocessedEntity[] = [];
    for (const batch of batches(isFull ? mutation.entities : mutation.added, PREPARED_AT_ONCE)) {
      if (given.length > 0) await new Promise(setImmediate);
      given.push(...batch.map(deferred => this.#accept(deferred)));
    }
    return { given, gone: isFull ? 'all others' : mutation.removed.map(toRef) };
  }

  async #apply(tx: Knex, { given, gone }: PreparedMutation): Promise<ClaimConflict[]> {
    const source = this.#source;
    const conflicts = await addUnprocessed(
      tx,
      given.map(entity => ({ source, entity })),
    );
    const refused = new Set(conflicts.map(({ entity }) => entity));
    const kept = given.filter(entity => !refused.has(entity)).map(({ ref }) => ref);
    const pairs = kept.map(ref => [source, ref] as const);
    let letGo: readonly string[];
    if (gone === 'all others') {
      const { obsolete } = await replaceRows(tx, REFERENCES, [source], pairs);
      letGo = obsolete.map(([, ref]) => ref);
    } else {
      await removeRows(
        tx,
        REFERENCES,
        gone.map(ref => [source, ref]),
      );
      // Last, so that what is removed and added at once stays.
      await addRows(tx, REFERENCES, pairs);
      letGo = gone;
    }
    if (this.#options.keepOrphans) await queueStitch(tx, [...letGo, ...kept]);
    else await removeUnreferenced(tx, letGo);
    return conflicts;
  }

  async refresh({ keys }: { keys: string[] }): Promise<void> {
    await refreshByKeys(this.#options.knex, keys);
    this.#options.wake();
  }

  #accept({ entity, locationKey }: DeferredEntity): UnprocessedEntity {
    const foreign = findForeignShape(entity);
    if (foreign) {
      throw new InputError(
        `The entity provider '${this.#options.providerName}' gave something that is ${foreign.reason}`,
      );
    }
    return toUnprocessed(entity, locationKey ?? null);
  }
}

type Removed = Extract<EntityProviderMutation, { type: 'delta' }>['removed'][number];

/** Providers may reuse their lists as soon as they have passed them on. */
function copyLists(mutation: EntityProviderMutation): EntityProviderMutation {
  return mutation.type === 'full'
    ? { ...mutation, entities: [...mutation.entities] }
    : { ...mutation, added: [...mutation.added], removed: [...mutation.removed] };
}

function toRef(removed: Removed): string {
  if ('entity' in removed) return stringifyEntityRef(removed.entity);
  return stringifyEntityRef(parseEntityRef(removed.entityRef));
}
