// When a task runs: its definition, validated once and converted to milliseconds.
import type { SchedulerServiceTaskScheduleDefinition } from '@greenroom/backend-plugin-api';
import type { HumanDuration } from '@backstage/types';
import type { Cron } from 'croner';
import { humanMilliseconds } from '../../humanMilliseconds';
import { formatIsoDuration } from './formatIsoDuration';
import { InvalidTaskError } from './schedulerErrors';

type Definition = SchedulerServiceTaskScheduleDefinition;
type DurationInput = Extract<Definition['timeout'], object>;

/**
 * Milliseconds from start to start, at least, of a task whose frequency is zero, if each run costs statements in a
 * database or if a run has failed. Otherwise a task that returns at once would keep the process busy.
 */
const zeroPauseMs = 1_000;

/** A clock that is set back further was wrong before: times that come again are then times like any other. */
const repeatedMs = 3 * 3_600_000;

/** The visible part of a schedule. Durations are ISO strings. */
export type TaskSettings = {
  version: number;
  /** A cron expression, an ISO duration or `manual`. */
  cadence: string;
  timeoutAfterDuration: string;
  initialDelayDuration?: string;
};

/**
 * A validated schedule.
 *
 * @public
 */
export class TaskSchedule {
  readonly scope: 'global' | 'local';
  readonly timeoutMs: number;
  /** 0 if none was given. */
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

  /** Rejects with `InvalidTaskError` for an invalid schedule. Croner is only loaded for the first cron expression. */
  static async read(definition: Definition, id?: string): Promise<TaskSchedule> {
    return new TaskSchedule(definition, await readFrequency(definition.frequency, id), id);
  }

  /**
   * The time of the first run, at or after `now`, in milliseconds since 1970; `undefined` if it only runs when
   * triggered.
   */
  firstRun(now: number): number | undefined {
    return this.#intervalMs === undefined ? this.#nextCron(now) : now;
  }

  /**
   * The time of the next run, for a run that began at `startedAt` and ended at `now`; `undefined` if it only runs
   * when triggered. `dueAt` is the time that the run was scheduled for. It does not come again, even if a timer fired
   * early or the clock was set back, by three hours at most and not past the time before.
   */
  nextRun(
    startedAt: number,
    now: number,
    { dueAt = startedAt, failed = false }: { dueAt?: number; failed?: boolean } = {},
  ): number | undefined {
    if (this.#intervalMs === undefined) {
      const last = Math.max(startedAt, dueAt);
      const next = last > now ? this.#nextCron(last) : undefined;
      const isRepeated = next !== undefined && last - now <= Math.min(repeatedMs, next - last);
      return isRepeated ? next : this.#nextCron(now);
    }
    const pauses = this.#intervalMs === 0 && (failed || this.scope === 'global');
    return Math.max(now, Math.min(now, startedAt) + (pauses ? zeroPauseMs : this.#intervalMs));
  }

  /** Whether it goes by the time of day, not by how long ago the last run began. */
  get isByClock(): boolean {
    return this.#cron !== undefined;
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
  // Published plugins give a frequency of zero to what waits by itself, such as for messages. Empty is a mistake.
  const zero = Object.keys(frequency ?? {}).length > 0;
  const intervalMs = milliseconds(frequency, 'frequency', id, { zero });
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
      // As in Unix cron: `5/15` starts at 5, and a time such as `30 2,3` runs once in a night whose hour occurs twice.
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
    // Asks the luxon duration itself. It may come from another copy of luxon, so its class can't be checked.
    value = 'toMillis' in duration ? duration.toMillis() : humanMilliseconds(duration as HumanDuration);
  }
  if (!(Number.isFinite(value) && (value > 0 || (allow.zero && value === 0)))) {
    throw new InvalidTaskError(
      id,
      `has ${field === 'initialDelay' ? 'an' : 'a'} ${field} that is not a positive duration`,
      {
        hint: 'Use an object of units such as { hours: 1, minutes: 30 }, or a luxon Duration.',
      },
    );
  }
  return Math.round(value);
}
