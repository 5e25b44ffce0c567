// A log in PostgreSQL of the events of all instances, with the position of each group in it.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';

/** An event as stored. */
export interface LoggedEvent {
  /** Increases with each event, in the order in which events become visible. */
  id: string;
  topic: string;
  body: string;
}

/** What an {@link EventLog} needs. */
export interface EventLogOptions {
  logger: LoggerService;
  /** How long events are kept, in milliseconds. */
  retention: number;
}

interface Taken {
  readonly events: LoggedEvent[];
  /** Used to ask PostgreSQL for the outcome. */
  readonly transactionId: string;
}

const eventsTable = 'greenroom_events';
/** For each group, the last event that any of its instances took. */
const cursorsTable = 'greenroom_event_cursors';
/** Held while the tables are created, and while an event gets its number. */
const lock = 727_401_963;
/** The minimum time between two cleanups of old events, in milliseconds. Publishing triggers them. */
const cleanupInterval = 10 * 60_000;

/** Appends events, and hands each out to one instance of every group. */
export class EventLog {
  readonly #knex: Knex;
  readonly #options: EventLogOptions;
  /** For each group whose last `take` ended without an answer. */
  readonly #unsettled = new Map<string, Taken>();
  #cleanedAt = -Infinity;

  constructor(knex: Knex, options: EventLogOptions) {
    this.#knex = knex;
    this.#options = options;
  }

  /** Creates the tables if they are missing. Several instances may do so at once. */
  async prepare(): Promise<void> {
    if (await this.#knex.schema.hasTable(eventsTable)) return;
    await this.#knex.transaction(async transaction => {
      // The lock ends with its transaction, whatever happens to this process.
      await transaction.raw('select pg_advisory_xact_lock(?)', [lock]);
      // Not `if not exists`, which would wait for a writer of the table that waits for this lock; and not
      // `to_regclass`, which may still return what the connection saw before it waited.
      if (await transaction.schema.hasTable(eventsTable)) return;
      await transaction.raw(
        `create table ?? (
          id bigserial primary key,
          topic text not null,
          body text not null,
          delivered text[] not null,
          created_at timestamptz not null default now()
        )`,
        [eventsTable],
      );
      await transaction.raw('create index on ?? (topic, id)', [eventsTable]);
      await transaction.raw('create index on ?? (created_at)', [eventsTable]);
      await transaction.raw('create table ?? (name text primary key, last_event bigint not null)', [
        cursorsTable,
      ]);
    });
  }

  /**
   * Appends an event that the groups in `delivered` must not take, and notifies `channel`. Rejects if the event is not
   * stored, or if PostgreSQL can't be asked whether it is.
   */
  async append(
    { topic, body, delivered }: { topic: string; body: string; delivered: readonly string[] },
    { channel, payload }: { channel: string; payload: string },
  ): Promise<void> {
    const mark = `append:${randomUUID()}`;
    try {
      // Appends are serialised: if a number became visible before a smaller one, a cursor would skip the smaller one.
      await this.#knex.raw(
        `with turn as (select pg_advisory_xact_lock(?)),
          event as (insert into ?? (topic, body, delivered) select ?, ?, ?::text[] from turn returning id)
        select pg_notify(?, ?) from event`,
        [lock, eventsTable, topic, body, [...delivered, mark], channel, payload],
      );
    } catch (error) {
      // If only the answer was lost, nobody else would give the event to the groups in `delivered`.
      const isStored = mayBeDone(error) && (await this.#has(topic, mark).catch(() => false));
      if (!isStored) throw error;
    }
    await this.#removeOld();
  }

  /** Whether an event with this mark is stored, or is being stored. */
  #has(topic: string, mark: string): Promise<boolean> {
    return this.#knex.transaction(async transaction => {
      // Waits for an append that is still at work. In a statement of its own, because one sees only what was there when
      // it began.
      await transaction.raw('select pg_advisory_xact_lock(?)', [lock]);
      const row = await transaction(eventsTable)
        .where({ topic })
        .whereRaw('? = any(delivered)', [mark])
        .first('id');
      return row !== undefined;
    });
  }

  /** Adds a group that starts with the next event. An existing group keeps its position. */
  async addGroup(name: string): Promise<void> {
    await this.#knex.raw(
      'insert into ?? (name, last_event) select ?, coalesce(max(id), 0) from ?? on conflict do nothing',
      [cursorsTable, name, eventsTable],
    );
  }

  /** Returns the number of the last event, or `null` if there is none. */
  async findLast(): Promise<string | null> {
    const [row] = await this.#knex(eventsTable).max({ last: 'id' });
    return row?.last ?? null;
  }

  /** Takes the next events of a group. No other instance will get them. */
  async take(name: string, topics: Iterable<string>, limit: number): Promise<LoggedEvent[]> {
    const earlier = await this.#settle(name);
    if (earlier) return earlier;
    let taken: Taken | undefined;
    try {
      return await this.#takeNext(name, [...topics], limit, mark => (taken = mark));
    } catch (error) {
      if (!taken) throw error;
      // The transaction may have succeeded, with only the answer lost. Then nobody else would get these events.
      this.#unsettled.set(name, taken);
      const events = await this.#settle(name).catch(() => undefined);
      if (events) return events;
      throw error;
    }
  }

  /** What a group had taken when the connection was lost; `undefined` if nothing. */
  async #settle(name: string): Promise<LoggedEvent[] | undefined> {
    const taken = this.#unsettled.get(name);
    if (!taken) return undefined;
    const { rows } = await this.#knex.raw<{ rows: Array<{ status: string }> }>(
      'select txid_status(?::bigint) as status',
      [taken.transactionId],
    );
    const status = rows[0]?.status;
    if (status === 'in progress') throw new Error('It is not known yet which events were taken');
    this.#unsettled.delete(name);
    return status === 'committed' ? taken.events : undefined;
  }

  /** @param onTaken - called before the commit */
  #takeNext(
    name: string,
    topics: string[],
    limit: number,
    onTaken: (taken: Taken) => void,
  ): Promise<LoggedEvent[]> {
    return this.#knex.transaction(async transaction => {
      const cursor = await transaction(cursorsTable).where({ name }).forUpdate().first('last_event');
      if (!cursor) {
        await transaction(cursorsTable).insert({ name, last_event: 0 }).onConflict().ignore();
        return [];
      }
      const events: LoggedEvent[] = await transaction(eventsTable)
        .where('id', '>', cursor.last_event)
        .whereIn('topic', topics)
        .whereRaw('not (? = any(delivered))', [name])
        .orderBy('id')
        .limit(limit)
        .select('id', 'topic', 'body');
      const last = events.at(-1);
      if (last) {
        const [moved] = await transaction(cursorsTable)
          .where({ name })
          .update({ last_event: last.id })
          .returning<Array<{ id: string }>>(transaction.raw('txid_current()::text as id') as never);
        onTaken({ events, transactionId: moved!.id });
      }
      return events;
    });
  }

  async #removeOld(): Promise<void> {
    const { logger, retention } = this.#options;
    if (performance.now() - this.#cleanedAt < cleanupInterval) return;
    this.#cleanedAt = performance.now();
    try {
      await this.#knex.raw("delete from ?? where created_at < now() - ? * interval '1 millisecond'", [
        eventsTable,
        retention,
      ]);
    } catch (error) {
      logger.warn('Old events could not be removed, which is tried again later', error as Error);
    }
  }
}

/** An error of PostgreSQL itself, which has a severity, is the answer; and without a connection nothing was sent. */
function mayBeDone(error: unknown): boolean {
  const { severity, name } = error as { severity?: unknown; name?: unknown };
  const isUnsent = name === 'KnexTimeoutError' || isGreenroomError(error);
  return severity === undefined && !isUnsent;
}
