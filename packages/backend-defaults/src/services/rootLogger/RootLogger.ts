// The logger of a backend, and its children, which carry the fields of their owners.
import type { LoggerService, RootLoggerService } from '@greenroom/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import { LevelFilter, type LevelOverride, type LogLevel } from './LevelFilter';
import { type FieldSet, isForPeople, type LogDestination, LogWriter } from './LogWriter';
import type { LogFields } from './toLogFields';

/**
 * Options of {@link RootLogger.create}.
 *
 * @public
 */
export interface RootLoggerOptions {
  /** Default: `info`. */
  level?: LogLevel;
  /**
   * One JSON object per line, or lines for people. Default: `pretty` if standard output is a terminal or
   * `FORCE_COLOR` is set, unless `NODE_ENV` is `production`; otherwise `json`.
   */
  format?: 'json' | 'pretty';
  /** Fields of every entry, left out of `pretty` lines. Default: `service` is `greenroom`. */
  meta?: JsonObject;
  /** Other levels for certain entries. The first match decides. */
  overrides?: readonly LevelOverride[];
  /** Where lines go; default: standard output. */
  destination?: LogDestination;
  /**
   * Whether `pretty` lines have colours. Default: if standard output is a terminal or `FORCE_COLOR` is set, but not
   * if `FORCE_COLOR` is `0` or `false`, `NO_COLOR` is set, or lines go to a `destination`.
   */
  color?: boolean;
  /** Strings that are not masked, even if they are added as secrets. */
  redactAllowlist?: readonly string[];
}

class FieldLogger implements LoggerService {
  readonly #writer: LogWriter;
  readonly #fields: FieldSet;

  constructor(writer: LogWriter, fields: LogFields) {
    this.#writer = writer;
    this.#fields = { fields };
  }

  error(message: string, meta?: Error | JsonObject): void {
    this.#writer.write(this.#fields, 'error', message, meta);
  }

  warn(message: string, meta?: Error | JsonObject): void {
    this.#writer.write(this.#fields, 'warn', message, meta);
  }

  info(message: string, meta?: Error | JsonObject): void {
    this.#writer.write(this.#fields, 'info', message, meta);
  }

  debug(message: string, meta?: Error | JsonObject): void {
    this.#writer.write(this.#fields, 'debug', message, meta);
  }

  /** A logger whose entries also carry `meta`, which overrides fields of the same name. */
  child(meta: JsonObject): LoggerService {
    return new FieldLogger(this.#writer, { ...this.#fields.fields, ...meta });
  }
}

/**
 * Writes entries as JSON or as lines for people, with secrets masked.
 *
 * @example
 * ```ts
 * const logger = RootLogger.create({ level: 'debug', format: 'json' });
 * logger.addRedactions(['a secret']);
 * logger.child({ plugin: 'catalog' }).info('Ready', { entities: 40 });
 * ```
 *
 * @public
 */
export class RootLogger extends FieldLogger implements RootLoggerService {
  /** The format of lines. */
  readonly format: 'json' | 'pretty';
  readonly #writer: LogWriter;

  /**
   * Creates a logger.
   *
   * @throws LoggerOptionsError for an unknown level or a matcher that does not compile.
   */
  static create(options: RootLoggerOptions = {}): RootLogger {
    const format =
      options.format ?? (process.env.NODE_ENV !== 'production' && isForPeople() ? 'pretty' : 'json');
    const { level = 'info', overrides = [], ...others } = options;
    const fields = { service: 'greenroom', ...options.meta };
    const writer = new LogWriter({ ...others, level, overrides, format, constants: fields });
    return new RootLogger(writer, fields, format);
  }

  private constructor(writer: LogWriter, fields: LogFields, format: 'json' | 'pretty') {
    super(writer, fields);
    this.#writer = writer;
    this.format = format;
  }

  /**
   * Masks these strings from now on wherever they occur: in messages, fields and errors, also those of children.
   *
   * Whitespace around a secret is ignored, and so are secrets of fewer than two characters.
   */
  addRedactions(redactions: Iterable<string>): void {
    this.#writer.addRedactions(redactions);
  }

  /**
   * Replaces the level and its overrides, also for children.
   *
   * @throws LoggerOptionsError as {@link RootLogger.create} does; the former ones then stay.
   */
  setLevel(level: LogLevel, overrides: readonly LevelOverride[] = []): void {
    this.#writer.filter = new LevelFilter(level, overrides);
  }
}
