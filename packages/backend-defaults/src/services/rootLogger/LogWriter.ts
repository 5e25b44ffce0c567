// Writes the log entries of all loggers of a backend: filters, redacts, serialises with pino, and sends to one destination.
import { isatty } from 'node:tty';
import { isError } from '@greenroom/backend-plugin-api/internal';
import pino from 'pino';
import { LevelFilter, type LevelOverride, type LogLevel } from './LevelFilter';
import { PrettyFormatter } from './PrettyFormatter';
import { SecretRedactor } from './SecretRedactor';
import { StandardOutput } from './StandardOutput';
import { type LogFields, toLogFields, unreadable } from './toLogFields';
import { traceFields } from './traceFields';

/** Receives whole lines, each with its line break. */
export interface LogDestination {
  write(line: string): unknown;
}

/** Options of a {@link LogWriter}. */
export interface LogWriterOptions {
  level: LogLevel;
  overrides: readonly LevelOverride[];
  format: 'json' | 'pretty';
  /** Fields that every entry has. Lines for people leave them out. */
  constants: LogFields;
  destination?: LogDestination;
  color?: boolean;
  redactAllowlist?: readonly string[];
}

/** The fields of one logger, and their serialised form, which is valid until secrets are added. */
export interface FieldSet {
  readonly fields: LogFields;
  cached?: { sink: pino.Logger; plain: LogFields; generation: number };
}

/** Shared by a root logger and all its children. */
export class LogWriter {
  filter: LevelFilter;
  readonly #redactor: SecretRedactor;
  readonly #sink: pino.Logger;
  /** Undefined if lines go elsewhere. */
  readonly #output: StandardOutput | undefined;
  #generation = 0;

  constructor(options: LogWriterOptions) {
    this.#redactor = new SecretRedactor(options.redactAllowlist);
    this.filter = new LevelFilter(options.level, options.overrides);
    this.#output = options.destination ? undefined : new StandardOutput();
    this.#sink = pino(
      {
        // The filter decides what is written; this only keeps pino from deciding too.
        level: 'trace',
        base: undefined,
        messageKey: 'message',
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: label => ({ level: label }) },
        mixin: traceFields,
        // Errors are plain data by now; pino's own serialiser would add to a field named `err`.
        serializers: { err: value => value },
      },
      destinationOf(options, options.destination ?? this.#output!),
    );
  }

  addRedactions(secrets: Iterable<string>): void {
    if (this.#redactor.add(secrets)) this.#generation++;
  }

  write(owner: FieldSet, level: LogLevel, message: unknown, meta: unknown): void {
    const fieldOf = (name: string): unknown => {
      if (name === 'message') return message;
      if (name === 'level') return level;
      return hasField(meta, name) ? meta[name] : owner.fields[name];
    };
    if (!this.filter.allows(level, fieldOf)) return;

    // Untyped callers may also pass just an error.
    const error = isError(message) && meta === undefined ? message : meta;
    const text = this.#redactor.redact(textOf(message));
    const { sink, plain } = this.#prepared(owner);
    if (error === undefined || error === null) {
      sink[level](text);
      this.#output?.flush();
      return;
    }
    let fields = withoutReservedNames(toLogFields(error, this.#redactor.redact));
    let target = sink;
    if (hasAnyOf(fields, plain)) {
      // Through the bare sink: the logger's own fields are already serialised and would be written twice.
      fields = { ...plain, ...fields };
      target = this.#sink;
    }
    target[level](fields, text);
    // The line of a request can wait: the request is over, so it explains nothing that may yet go wrong.
    if (fields.type === 'request') this.#output?.flushSoon();
    else this.#output?.flush();
  }

  #prepared(owner: FieldSet): NonNullable<FieldSet['cached']> {
    if (owner.cached?.generation === this.#generation) return owner.cached;
    const plain = withoutReservedNames(toLogFields(owner.fields, this.#redactor.redact));
    owner.cached = { sink: this.#sink.child(plain), plain, generation: this.#generation };
    return owner.cached;
  }
}

function textOf(message: unknown): string {
  try {
    return String(isError(message) ? message.message : message);
  } catch (problem) {
    return unreadable(problem);
  }
}

function hasField(meta: unknown, name: string): meta is LogFields {
  return typeof meta === 'object' && meta !== null && Object.hasOwn(meta, name);
}

function hasAnyOf(fields: LogFields, others: LogFields): boolean {
  for (const name in fields) {
    if (Object.hasOwn(others, name)) return true;
  }
  return false;
}

/** Renames fields that would be mistaken for the entry's own. */
function withoutReservedNames(fields: LogFields): LogFields {
  for (const name of ['level', 'time', 'message']) {
    if (!Object.hasOwn(fields, name)) continue;
    fields[`meta_${name}`] = fields[name];
    delete fields[name];
  }
  return fields;
}

function destinationOf(
  { format, constants, destination, color }: LogWriterOptions,
  output: LogDestination,
): LogDestination & pino.DestinationStream {
  if (format === 'json') return { write: line => void output.write(line) };
  const formatter = new PrettyFormatter({ color: color ?? (!destination && hasColors()), constants });
  return { write: line => void output.write(formatter.format(JSON.parse(line))) };
}

/** Whether people read standard output. `FORCE_COLOR` says so if the output is piped; `0` means without colours. */
export function isForPeople(): boolean {
  return isatty(1) || Boolean(process.env.FORCE_COLOR);
}

function hasColors(): boolean {
  const { NO_COLOR, FORCE_COLOR = '' } = process.env;
  return isForPeople() && !NO_COLOR && !['0', 'false'].includes(FORCE_COLOR);
}
