// Stores registered locations in the database, and provides their Location entities.
import { randomUUID } from 'node:crypto';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  type DeferredEntity,
  type EntityProvider,
  locationSpecToLocationEntity,
} from '@greenroom/plugin-catalog-node';
import type { Knex } from 'knex';
import type { ProviderConnection } from '../providers/ProviderConnection';

/** What identifies a location. */
export type LocationInput = Readonly<Pick<LocationSpec, 'type' | 'target'>>;

export interface StoredLocation extends LocationInput {
  readonly id: string;
  /** The reference of its Location entity. */
  readonly entityRef: string;
}

interface LocationChange {
  readonly added: readonly LocationInput[];
  readonly removed: readonly LocationInput[];
}

/** Also the provider of the Location entities. */
export class LocationStore implements EntityProvider {
  readonly #knex: Knex;
  #connection: ProviderConnection | undefined;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  getProviderName(): string {
    return 'RegisteredLocationProvider';
  }

  async connect(connection: ProviderConnection): Promise<void> {
    this.#connection = connection;
    await connection.applyDecided(async db => {
      const stored = await db<LocationInput>('catalog_locations').select('type', 'target').orderBy('id');
      return { type: 'full', entities: stored.map(toDeferred) };
    });
  }

  /**
   * @param mayExist - Whether the location may be registered already. If its entity was removed, it is added again
   * @throws a `ConflictError` if the location is registered already and must not be
   */
  async add({ type, target }: LocationInput, mayExist = false): Promise<StoredLocation> {
    const id = randomUUID();
    let stored: StoredLocation | undefined;
    await this.#change(async db => {
      const inserted = await db('catalog_locations')
        .insert({ id, type, target })
        .onConflict(['type', 'target'])
        .ignore()
        .returning('id');
      const isNew = inserted.length > 0;
      if (!isNew && !mayExist)
        throw new ConflictError(`The location ${type}:${target} is registered already`);
      stored = isNew ? toStored({ id, type, target }) : await this.findBy({ type, target }, db);
      return { added: [{ type, target }], removed: [] };
    });
    return stored!;
  }

  /** @throws a `NotFoundError` if the location does not exist */
  async find(id: string, db = this.#knex): Promise<StoredLocation> {
    const row = await db('catalog_locations').where({ id }).first();
    if (!row) throw new NotFoundError(`There is no registered location with the id '${id}'`);
    return toStored(row);
  }

  async findBy({ type, target }: LocationInput, db = this.#knex): Promise<StoredLocation | undefined> {
    const row = await db('catalog_locations').where({ type, target }).first();
    return row && toStored(row);
  }

  async all(): Promise<StoredLocation[]> {
    const rows = await this.#knex('catalog_locations').select('id', 'type', 'target').orderBy('id');
    return rows.map(toStored);
  }

  /**
   * If the entity of the location was removed, it is added again.
   *
   * @throws a `NotFoundError` if the location does not exist, or a `ConflictError` if the new one is already registered
   */
  async update(id: string, { type, target }: LocationInput): Promise<StoredLocation> {
    await this.#change(async db => {
      const before = await this.find(id, db);
      const other = await this.findBy({ type, target }, db);
      if (other?.id === id) return { added: [before], removed: [] };
      if (other) throw new ConflictError(`The location ${type}:${target} is registered already`);
      await db('catalog_locations').where({ id }).update({ type, target });
      return { added: [{ type, target }], removed: [before] };
    });
    return toStored({ id, type, target });
  }

  /** @throws a `NotFoundError` if the location does not exist */
  async remove(id: string): Promise<void> {
    await this.#change(async db => {
      const location = await this.find(id, db);
      await db('catalog_locations').where({ id }).delete();
      return { added: [], removed: [location] };
    });
  }

  /** Changes the row and its entity atomically, one change at a time. */
  async #change(write: (db: Knex) => Promise<LocationChange>): Promise<void> {
    if (!this.#connection) {
      await this.#knex.transaction(write);
      return;
    }
    await this.#connection.applyDecided(async db => {
      const { added, removed } = await write(db);
      return { type: 'delta', added: added.map(toDeferred), removed: removed.map(toDeferred) };
    });
  }
}

function toDeferred({ type, target }: LocationInput): DeferredEntity {
  return {
    entity: locationSpecToLocationEntity({ location: { type, target } }),
    locationKey: `${type}:${target}`,
  };
}

function toStored({ id, type, target }: { id: string } & LocationInput): StoredLocation {
  const entityRef = stringifyEntityRef(locationSpecToLocationEntity({ location: { type, target } }));
  return { id, type, target, entityRef };
}
