// When a task runs: its description checked once and turned into milliseconds.
import type { SchedulerServiceTaskScheduleDefinition } from '@greenroom/backend-plugin-api';
import type { HumanDuration } from '@backstage/types';
import type { Cron } from 'croner';
import { humanMilliseconds } from '../../humanMilliseconds';
import { formatIsoDuration } from './formatIsoDuration';
import { InvalidTaskError } from './schedulerErrors';

type Definition = SchedulerServiceTaskScheduleDefinition;
type DurationInput = Extract<Definition['timeout'], object>;

/** What of a schedule can be looked at; durations as ISO strings. */
export type TaskSettings = {
  version: number;
  /** A cron expression, an ISO duration or `manual`. */
  cadence: string;
  timeoutAfterDuration: string;
  initialDelayDuration?: string;
};

/**
 * A schedule that was checked.
 *
 * @public
 */
export class TaskSchedule {
  readonly scope: 'global' | 'local';
  readonly timeoutMs: number;
  /** 0 where none was given. */
  readonly initialDelayMs: number;
  readonly settings: TaskSettings;
  readonly #intervalMs: number | undefined;
  readonly #cron: Cron | undefined;

  private constructor(definition: Definition, frequency: Frequency, id: string | undefined) {
    const { scope = 'global', initialDelay } = definition;
    if (scope !== 'global' && scope !== 'local') {
      throw new InvalidTaskError(id, `has the scope '${String(scope)}'`, {
        hint: "It can be 'global' or 'local'.",
      });
    }
    this.scope = scope;
    this.timeoutMs = milliseconds(definition.timeout, 'timeout', id);
    this.initialDelayMs =
      initialDelay === undefined ? 0 : milliseconds(initialDelay, 'initialDelay', id, { zero: true });
    this.#intervalMs = frequency.intervalMs;
    this.#cron = frequency.cron;
    this.settings = {
      version: 2,
      cadence: frequency.cadence,
      timeoutAfterDuration: formatIsoDuration(this.timeoutMs),
      ...(initialDelay !== undefined && { initialDelayDuration: formatIsoDuration(this.initialDelayMs) }),
    };
  }

  /** Rejects with `InvalidTaskError` for what can't be scheduled. Croner is loaded with the first cron expression. */
  static async read(definition: Definition, id?: string): Promise<TaskSchedule> {
    return new TaskSchedule(definition, await readFrequency(definition.frequency, id), id);
  }

  /** When a task runs for the first time, for a clock that shows `now`; `undefined` if only when triggered. Milliseconds since 1970. */
  firstRun(now: number): number | undefined {
    return this.#intervalMs === undefined ? this.#nextCron(now) : now;
  }

  /**
   * When it runs after a run that began at `startedAt` and is over `now`; `undefined` if only when triggered. `dueAt` is the
   * time for which that run was, which does not come again however early a timer ended or a clock was set back.
   */
  nextRun(startedAt: number, now: number, dueAt = startedAt): number | undefined {
    return this.#intervalMs === undefined
      ? this.#nextCron(Math.max(now, startedAt, dueAt))
      : Math.max(now, startedAt + this.#intervalMs);
  }

  #nextCron(now: number): number | undefined {
    return this.#cron?.nextRun(new Date(now))?.getTime();
  }
}

interface Frequency {
  cadence: string;
  intervalMs?: number;
  cron?: Cron;
}

async function readFrequency(frequency: Definition['frequency'], id: string | undefined): Promise<Frequency> {
  if (typeof frequency === 'object' && frequency !== null) {
    if ('cron' in frequency) {
      return { cadence: frequency.cron, cron: await readCron(frequency.cron, id) };
    }
    if ('trigger' in frequency) {
      if (frequency.trigger !== 'manual') {
        throw new InvalidTaskError(id, `has the trigger '${String(frequency.trigger)}'`, {
          hint: "The only one is { trigger: 'manual' }.",
        });
      }
      return { cadence: 'manual' };
    }
  }
  const intervalMs = milliseconds(frequency, 'frequency', id);
  return { cadence: formatIsoDuration(intervalMs), intervalMs };
}

async function readCron(expression: string, id: string | undefined): Promise<Cron> {
  const { Cron } = await import('croner');
  const hint = 'Use five fields (minute hour day month weekday), or six with seconds first.';
  let cron: Cron;
  try {
    cron = new Cron(expression, {
      paused: true,
      mode: '5-or-6-parts',
      // As in the cron of Unix: `5/15` begins at 5, and a time such as `30 2,3` comes once in a night in which the hour comes twice.
      sloppyRanges: true,
      fixedTimeRule: 'no-wildcard',
    });
  } catch (cause) {
    throw new InvalidTaskError(id, `has the cron expression '${expression}', which can't be read`, {
      hint,
      cause,
    });
  }
  if (cron.nextRun() === null) {
    throw new InvalidTaskError(id, `has the cron expression '${expression}', which never comes true`, {
      hint,
    });
  }
  return cron;
}

function milliseconds(
  duration: DurationInput,
  field: string,
  id: string | undefined,
  allow: { zero?: boolean } = {},
): number {
  let value = NaN;
  if (typeof duration === 'object' && duration !== null) {
    // A luxon duration knows best itself; it may come from another copy of luxon, so its class says nothing.
    value = 'toMillis' in duration ? duration.toMillis() : humanMilliseconds(duration as HumanDuration);
  }
  if (!(Number.isFinite(value) && (value > 0 || (allow.zero && value === 0)))) {
    throw new InvalidTaskError(
      id,
      `has ${field === 'initialDelay' ? 'an' : 'a'} ${field} that is no positive duration`,
      {
        hint: 'Use an object of units such as { hours: 1, minutes: 30 }, or a luxon Duration.',
      },
    );
  }
  return Math.round(value);
}
