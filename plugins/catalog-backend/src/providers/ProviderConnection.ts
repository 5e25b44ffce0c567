// A provider's way into the database.
import type { EntityProviderConnection, EntityProviderMutation } from '@greenroom/plugin-catalog-node';
import { stringifyEntityRef, parseEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { inTransaction } from '../database/inTransaction';
import { isPostgres } from '../database/valuesTable';
import { addUnprocessed, type ClaimConflict } from '../processing/addUnprocessed';
import { refreshByKeys } from '../processing/refreshEntities';
import { removeUnreferenced } from '../processing/removeUnreferenced';
import { addReferences, removeReferences, replaceReferences } from '../processing/replaceReferences';
import { toUnprocessed, type UnprocessedEntity } from '../processing/UnprocessedEntity';
import { queueStitch } from '../stitching/queueStitch';
import { findForeignShape } from '../validation/EntityValidator';

/** What a connection needs. */
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
  /** References of what the provider gives no more. */
  readonly gone: readonly string[] | 'all others';
}

/** Stores mutations, each in one transaction. */
export class ProviderConnection implements EntityProviderConnection {
  readonly #options: ProviderConnectionOptions;
  readonly #source: string;

  constructor(options: ProviderConnectionOptions) {
    this.#options = options;
    this.#source = `provider:${options.providerName}`;
  }

  async applyMutation(mutation: EntityProviderMutation): Promise<void> {
    const prepared = this.#prepare(mutation);
    return this.#inTurn(async () => prepared);
  }

  /**
   * Applies what `decide` gives, which sees all earlier mutations of any instance. What it writes is written with the
   * mutation, both or neither; it may run more than once.
   */
  applyDecided(decide: (tx: Knex) => Promise<EntityProviderMutation>): Promise<void> {
    return this.#inTurn(async tx => this.#prepare(await decide(tx)));
  }

  async #inTurn(prepare: (tx: Knex) => Promise<PreparedMutation>): Promise<void> {
    const { knex, wake, onConflicts } = this.#options;
    const conflicts = await inTransaction(knex, async tx => {
      await this.#lock(tx);
      return this.#apply(tx, await prepare(tx));
    });
    wake();
    onConflicts(conflicts);
  }

  #prepare(mutation: EntityProviderMutation): PreparedMutation {
    const isFull = mutation.type === 'full';
    const given = (isFull ? mutation.entities : mutation.added).map(deferred => this.#accept(deferred));
    return { given, gone: isFull ? 'all others' : mutation.removed.map(toRef) };
  }

  async #apply(tx: Knex, { given, gone }: PreparedMutation): Promise<ClaimConflict[]> {
    const found = await addUnprocessed(
      tx,
      given.map(entity => ({ source: this.#source, entity })),
    );
    const refused = new Set(found.map(({ ref }) => ref));
    const kept = new Set(given.map(({ ref }) => ref).filter(ref => !refused.has(ref)));
    const obsolete =
      gone === 'all others' ? await this.#replace(tx, kept) : await this.#change(tx, kept, gone);
    if (this.#options.keepOrphans) await queueStitch(tx, [...obsolete, ...kept]);
    else await removeUnreferenced(tx, obsolete);
    return found;
  }

  async refresh({ keys }: { keys: string[] }): Promise<void> {
    await refreshByKeys(this.#options.knex, keys);
    this.#options.wake();
  }

  #accept({ entity, locationKey }: { entity: unknown; locationKey?: string }): UnprocessedEntity {
    const foreign = findForeignShape(entity);
    if (foreign) {
      throw new InputError(
        `The entity provider '${this.#options.providerName}' gave something that is ${foreign.reason}`,
      );
    }
    return toUnprocessed(entity as Parameters<typeof toUnprocessed>[0], locationKey ?? null);
  }

  async #replace(tx: Knex, refs: ReadonlySet<string>): Promise<string[]> {
    return (await replaceReferences(tx, new Map([[this.#source, refs]]))).obsolete;
  }

  async #change(tx: Knex, added: ReadonlySet<string>, gone: readonly string[]): Promise<string[]> {
    await addReferences(
      tx,
      [...added].map((ref): [string, string] => [this.#source, ref]),
    );
    await removeReferences(
      tx,
      gone.map((ref): [string, string] => [this.#source, ref]),
    );
    return [...gone];
  }

  /** The same provider of several instances takes turns. */
  async #lock(tx: Knex): Promise<void> {
    if (isPostgres(tx)) await tx.raw('SELECT pg_advisory_xact_lock(7206116, hashtext(?))', [this.#source]);
  }
}

type Removed = Extract<EntityProviderMutation, { type: 'delta' }>['removed'][number];

function toRef(removed: Removed): string {
  if ('entity' in removed) return stringifyEntityRef(removed.entity);
  return stringifyEntityRef(parseEntityRef(removed.entityRef));
}
