// Decides which log entries are written, by a level and by overrides for entries with certain fields.
import type { JsonPrimitive } from '@backstage/types';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** From most to least urgent. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/**
 * @public
 */
export type LogLevel = (typeof logLevels)[number];

/**
 * A level for entries whose fields match.
 *
 * @public
 */
export interface LevelOverride {
  /** By field name: a value, a list of values, or a `/regular expression/`. All of them must match. */
  matchers: { [field: string]: JsonPrimitive | JsonPrimitive[] | undefined };
  level: LogLevel;
}

/**
 * The options of a logger are invalid.
 *
 * @public
 */
export class LoggerOptionsError extends GreenroomError {
  constructor(message: string, hint: string) {
    super({ code: 'GR_LOGGER_OPTIONS_INVALID', message, hint });
  }
}

/** Urgency as a number: smaller is more urgent. */
const rankOf: ReadonlyMap<string, number> = new Map(logLevels.map((level, rank) => [level, rank]));

/** Validates a level from outside. `source` says where it was read. */
export function parseLogLevel(value: string, source: string): LogLevel {
  const level = value.toLowerCase();
  if (rankOf.has(level)) return level as LogLevel;
  throw new LoggerOptionsError(
    `${source} is '${value}', which is not a log level`,
    `Use one of ${logLevels.join(', ')}.`,
  );
}

interface FieldTest {
  readonly field: string;
  matches(value: unknown): boolean;
}

interface CompiledOverride {
  readonly rank: number;
  readonly tests: readonly FieldTest[];
}

/** A level with its overrides, compiled for use with every entry. */
export class LevelFilter {
  readonly #rank: number;
  readonly #overrides: readonly CompiledOverride[];
  // Entries that no level allows are rejected without looking at any field.
  readonly #widestRank: number;

  /** @throws LoggerOptionsError for an unknown level or a regular expression that does not compile. */
  constructor(level: LogLevel, overrides: readonly LevelOverride[] = []) {
    this.#rank = rankOf.get(parseLogLevel(level, 'The level'))!;
    this.#overrides = overrides.map(compile);
    this.#widestRank = Math.max(this.#rank, ...this.#overrides.map(({ rank }) => rank));
  }

  /** Whether an entry is written. The first override whose matchers all match decides, otherwise the level. */
  allows(level: LogLevel, fieldOf: (name: string) => unknown): boolean {
    const rank = rankOf.get(level)!;
    if (rank > this.#widestRank) return false;
    for (const override of this.#overrides) {
      if (override.tests.every(test => fits(test, fieldOf))) return rank <= override.rank;
    }
    return rank <= this.#rank;
  }
}

function fits({ field, matches }: FieldTest, fieldOf: (name: string) => unknown): boolean {
  try {
    return matches(fieldOf(field));
  } catch {
    // A field that can't be read matches nothing, and must not keep anybody from logging.
    return false;
  }
}

function compile({ matchers, level }: LevelOverride): CompiledOverride {
  const tests = Object.entries(matchers).map(([field, wanted]) => {
    const anyOf = (Array.isArray(wanted) ? wanted : [wanted]).map(item => compileValue(field, item));
    return { field, matches: (value: unknown) => anyOf.some(test => test(value)) };
  });
  return { tests, rank: rankOf.get(parseLogLevel(level, 'The level of a logger override'))! };
}

function compileValue(field: string, wanted: JsonPrimitive | undefined): (value: unknown) => boolean {
  const [, source, flags] = (typeof wanted === 'string' && /^\/(.+)\/([a-z]*)$/s.exec(wanted)) || [];
  if (source === undefined) return value => value === wanted;
  try {
    // A sticky or global expression would keep a position between calls.
    const expression = new RegExp(source, flags?.replace(/[gy]/g, ''));
    return value => value !== undefined && expression.test(String(value));
  } catch (error) {
    throw new LoggerOptionsError(
      `The matcher ${String(wanted)} for '${field}' is not a regular expression (${(error as Error).message})`,
      'Correct it, or remove the slashes to compare the text as it is.',
    );
  }
}
