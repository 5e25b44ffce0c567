// The logger of an action, which turns its lines into events of the task.
import type { JsonObject } from '@backstage/types';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { TaskEventBody } from './Task';

/** Further lines of a step are dropped: nobody would read them, and they would fill up the database. */
const MOST_LINES = 10_000;
/** The rest of a longer line is cut off. */
export const LONGEST_LINE = 32_768;

/** Logs for one step. Metadata passed to `child` is ignored, because the lines are for people. */
export class TaskLogger implements LoggerService {
  readonly #write: (body: TaskEventBody) => void;
  readonly #stepId: string;
  #lines = 0;
  #closed = false;

  constructor(write: (body: TaskEventBody) => void, stepId: string) {
    this.#write = write;
    this.#stepId = stepId;
  }

  error(message: string, meta?: Error | JsonObject): void {
    this.#add(message, meta, 'error');
  }

  warn(message: string, meta?: Error | JsonObject): void {
    this.#add(message, meta, 'warn');
  }

  info(message: string, meta?: Error | JsonObject): void {
    this.#add(message, meta, 'info');
  }

  debug(message: string, meta?: Error | JsonObject): void {
    this.#add(message, meta, 'debug');
  }

  child(): LoggerService {
    return this;
  }

  /** Drops whatever an abandoned action still logs. */
  close(): void {
    this.#closed = true;
  }

  #add(message: string, meta: Error | JsonObject | undefined, level: string): void {
    if (this.#closed) return;
    this.#lines += 1;
    if (this.#lines > MOST_LINES) {
      if (this.#lines === MOST_LINES + 1) {
        this.#send(`The step has written ${MOST_LINES} lines; what follows is left out`, 'warn');
      }
      return;
    }
    const text = `${message}${meta instanceof Error ? `: ${meta.message}` : ''}`;
    this.#send(text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} [cut]` : text, level);
  }

  #send(message: string, level: string): void {
    this.#write({ message, stepId: this.#stepId, ...(level !== 'info' && { level }) });
  }
}
