// A logger for tests of this package: keeps what it is given.
import type { JsonObject } from '@backstage/types';
import type { LoggerService } from '@greenroom/backend-plugin-api';

/** One call of a logger, with the fields of the children it went through. */
export interface MemoryLogEntry {
  level: 'error' | 'warn' | 'info' | 'debug';
  message: string;
  meta: Record<string, unknown>;
}

/** Children write to the `entries` of their parent. */
export class MemoryLogger implements LoggerService {
  constructor(
    readonly entries: MemoryLogEntry[] = [],
    readonly fields: JsonObject = {},
  ) {}

  error = (message: string, meta?: Error | JsonObject) => this.#add('error', message, meta);
  warn = (message: string, meta?: Error | JsonObject) => this.#add('warn', message, meta);
  info = (message: string, meta?: Error | JsonObject) => this.#add('info', message, meta);
  debug = (message: string, meta?: Error | JsonObject) => this.#add('debug', message, meta);
  child = (meta: JsonObject) => new MemoryLogger(this.entries, { ...this.fields, ...meta });

  #add(level: MemoryLogEntry['level'], message: string, meta?: Error | JsonObject): void {
    const fields = meta instanceof Error ? { error: meta } : meta;
    this.entries.push({ level, message, meta: { ...this.fields, ...fields } });
  }
}
