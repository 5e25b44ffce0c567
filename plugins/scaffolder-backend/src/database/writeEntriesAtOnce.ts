// Writes journal entries in a single statement, which takes one round trip to PostgreSQL instead of eight.
import type { Knex } from 'knex';
import { isPooled } from './isPooled';
import type { JournalEntry } from './JournalEntry';
import type { TaskRow } from './TaskRow';
import { type HeldTasks, heldTasks, progressOf } from './writeEntries';

/**
 * All parts of the statement see the same snapshot and take effect together, so the progress of a task that completes is
 * not written in the first place. The tasks are locked first, so that
 * event ids grow in the order in which the events become visible.
 */
const STATEMENT = `
with held as materialized (
  select id, cancel_requested from scaffolder_tasks
  where id in (select jsonb_array_elements_text(:ids::jsonb)) and holder = :holder and status = 'processing'
  order by id for update
), completed as (
  select id from held
  where id in (select jsonb_array_elements_text(:completed::jsonb)) and not cancel_requested
), events as (
  insert into scaffolder_task_events (task_id, type, body, created_at)
  select task_id, type, body, (extract(epoch from clock_timestamp()) * 1000)::bigint
  from jsonb_to_recordset(:events::jsonb) as given (task_id text, type text, body text, completes boolean, place int)
  where task_id in (select id from held) and (not completes or task_id in (select id from completed))
  order by place
), ends as (
  update scaffolder_tasks tasks
  set status = given.status, holder = null, sealed = null,
    ended_at = (extract(epoch from clock_timestamp()) * 1000)::bigint
  from jsonb_to_recordset(:ends::jsonb) as given (task_id text, status text)
  where tasks.id = given.task_id and tasks.id in (select id from held)
    and (given.status <> 'completed' or tasks.id in (select id from completed))
), progress as (
  insert into scaffolder_task_progress (task_id, kind, key, value)
  select task_id, kind, key, value
  from jsonb_to_recordset(:progress::jsonb) as given (task_id text, kind text, key text, value text)
  where task_id in (select id from held except select id from completed)
  on conflict (task_id, kind, key) do update set value = excluded.value
), workspaces as (
  insert into scaffolder_task_workspaces (task_id, archive)
  select task_id, decode(archive, 'base64')
  from jsonb_to_recordset(:workspaces::jsonb) as given (task_id text, archive text)
  where task_id in (select id from held except select id from completed)
  on conflict (task_id) do update set archive = excluded.archive
), used_progress as (
  delete from scaffolder_task_progress where task_id in (select id from completed)
), used_workspaces as (
  delete from scaffolder_task_workspaces where task_id in (select id from completed)
)
select id, cancel_requested from held`;

/** Does the same as `writeEntries`. */
export async function writeEntriesAtOnce(
  knex: Knex,
  holder: string,
  entries: readonly JournalEntry[],
): Promise<HeldTasks> {
  const completed = new Set(entries.filter(({ end }) => end === 'completed').map(({ taskId }) => taskId));
  const going = entries.filter(({ end }) => end !== 'completed');
  let place = 0;
  const events = entries.flatMap(({ taskId: task_id, events: all = [], end }) =>
    all.map(({ type, body }) => ({
      task_id,
      type,
      body: JSON.stringify(body),
      completes: end === 'completed',
      place: place++,
    })),
  );
  const workspaces = new Map(
    going.flatMap(({ taskId: task_id, workspace }) =>
      workspace === undefined
        ? []
        : [[task_id, { task_id, archive: workspace && workspace.toString('base64') }] as const],
    ),
  );
  const statement = knex.raw<{ rows: Array<Pick<TaskRow, 'id' | 'cancel_requested'>> }>(STATEMENT, {
    holder,
    ids: JSON.stringify([...new Set(entries.map(({ taskId }) => taskId))]),
    events: JSON.stringify(events),
    ends: JSON.stringify(
      entries.flatMap(({ taskId: task_id, end }) => (end ? [{ task_id, status: end }] : [])),
    ),
    progress: JSON.stringify(progressOf(going)),
    workspaces: JSON.stringify([...workspaces.values()]),
    completed: JSON.stringify([...completed]),
  });
  // With a name, PostgreSQL plans it once per connection; planning takes longer than running it.
  const { rows } = await ((await isPooled(knex))
    ? statement
    : statement.options({ name: 'scaffolder_journal' }));
  return heldTasks(rows);
}
