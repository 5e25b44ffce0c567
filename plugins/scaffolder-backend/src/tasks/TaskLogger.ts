// The logger of an action, which turns its lines into events of the task.
import type { JsonObject } from '@backstage/types';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { TaskEventBody } from './Task';

/** Further lines of a step are dropped: nobody would read them, and they would fill up the database. */
const MOST_LINES = 10_000;
const MOST_CHARACTERS = 5_000_000;
/** The rest of a longer line is cut off. */
export const LONGEST_LINE = 32_768;

/** Logs for one step. Metadata passed to `child` is ignored, because the lines are for people. */
export class TaskLogger implements LoggerService {
  readonly #write: (body: TaskEventBody) => void;
  readonly #stepId: string;
  #lines = 0;
  #characters = 0;
  #full = false;
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
    if (this.#closed || this.#full) return;
    const whole = `${message}${meta instanceof Error ? `: ${meta.message}` : ''}`;
    const text = whole.length > LONGEST_LINE ? `${whole.slice(0, LONGEST_LINE)} [cut]` : whole;
    this.#lines += 1;
    this.#characters += text.length;
    this.#full = this.#lines > MOST_LINES || this.#characters > MOST_CHARACTERS;
    if (!this.#full) this.#send(text, level);
    else {
      const written = `${MOST_LINES} lines or ${MOST_CHARACTERS} characters`;
      this.#send(`The step has written ${written}; what follows is left out`, 'warn');
    }
  }

  #send(message: string, level: string): void {
    this.#write({ message, stepId: this.#stepId, ...(level !== 'info' && { level }) });
  }
}
