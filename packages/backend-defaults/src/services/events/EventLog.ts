// The events of all instances in PostgreSQL, and how far each group has come in them.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Knex } from 'knex';

/** An event as it is kept. */
export interface LoggedEvent {
  /** Grows with each event, in the order in which they become visible. */
  id: string;
  topic: string;
  body: string;
}

/** What an {@link EventLog} needs. */
export interface EventLogOptions {
  logger: LoggerService;
  /** Milliseconds for which events are kept. */
  retention: number;
}

interface Taken {
  readonly events: LoggedEvent[];
  /** By which PostgreSQL tells what became of it. */
  readonly transactionId: string;
}

const eventsTable = 'greenroom_events';
/** Of groups, each with the last event that one of its instances took. */
const cursorsTable = 'greenroom_event_cursors';
/** Held while the tables are made, and while an event gets its number. */
const lock = 727_401_963;
/** Milliseconds between two removals of old events, as far as events are published. */
const cleanupInterval = 10 * 60_000;

/** Appends events, and hands them out, each to one instance of a group. */
export class EventLog {
  readonly #knex: Knex;
  readonly #options: EventLogOptions;
  /** Of groups whose last taking has ended without an answer. */
  readonly #unsettled = new Map<string, Taken>();
  #cleanedAt = 0;

  constructor(knex: Knex, options: EventLogOptions) {
    this.#knex = knex;
    this.#options = options;
  }

  /** Makes the tables where they are missing, be several instances at it at once or not. */
  async prepare(): Promise<void> {
    if (await this.#knex.schema.hasTable(eventsTable)) return;
    await this.#knex.transaction(async transaction => {
      // The lock ends with its transaction, whatever happens to this process.
      await transaction.raw('select pg_advisory_xact_lock(?)', [lock]);
      // Not left to `if not exists`, which would wait for who writes to the table and waits for this lock; nor to
      // `to_regclass`, which may still give what the connection saw before it waited.
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

  /** Appends an event that the groups in `delivered` are not to take, and notifies `channel`. */
  async append(
    { topic, body, delivered }: { topic: string; body: string; delivered: readonly string[] },
    { channel, payload }: { channel: string; payload: string },
  ): Promise<void> {
    // One event after the other: were a number visible before a smaller one, a cursor would pass over the smaller one.
    await this.#knex.raw(
      `with turn as (select pg_advisory_xact_lock(?)),
        event as (insert into ?? (topic, body, delivered) select ?, ?, ?::text[] from turn returning id)
      select pg_notify(?, ?) from event`,
      [lock, eventsTable, topic, body, [...delivered], channel, payload],
    );
    await this.#removeOld();
  }

  /** Begins a group with the events that come from now on; one that exists goes on where it was. */
  async addGroup(name: string): Promise<void> {
    await this.#knex.raw(
      'insert into ?? (name, last_event) select ?, coalesce(max(id), 0) from ?? on conflict do nothing',
      [cursorsTable, name, eventsTable],
    );
  }

  /** Gives the number of the last event; `null` where there is none. */
  async findLast(): Promise<string | null> {
    const [row] = await this.#knex(eventsTable).max({ last: 'id' });
    return row?.last ?? null;
  }

  /** Gives the next events of a group, to nobody else: no other instance gets them from then on. */
  async take(name: string, topics: Iterable<string>, limit: number): Promise<LoggedEvent[]> {
    const earlier = await this.#settle(name);
    if (earlier) return earlier;
    let taken: Taken | undefined;
    try {
      return await this.#takeNext(name, [...topics], limit, mark => (taken = mark));
    } catch (error) {
      if (!taken) throw error;
      // It may have gone well, with only the answer lost; then nobody else gets these events.
      this.#unsettled.set(name, taken);
      const events = await this.#settle(name).catch(() => undefined);
      if (events) return events;
      throw error;
    }
  }

  /** What a group had taken when the connection was lost; `undefined` if that was nothing. */
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

  /** @param onTaken - called before it is certain */
  #takeNext(
    name: string,
    topics: readonly string[],
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
        .whereIn('topic', [...topics])
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
    if (Date.now() - this.#cleanedAt < cleanupInterval) return;
    this.#cleanedAt = Date.now();
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
