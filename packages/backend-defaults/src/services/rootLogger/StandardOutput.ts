// Sends log lines to standard output: at once, but lines that can wait together, once a turn of the event loop.
import { writeSync } from 'node:fs';
import pino from 'pino';

/** Characters that are held back at most. */
const MOST = 8_192;
/** Bytes that are kept for an output that can't be written to, such as a file on a full disk. What comes then is lost. */
const MOST_KEPT = 1_048_576;

/**
 * A server under load ends many requests in one turn; a system call for the line of each costs more than its making. Lines
 * keep their order, and none is lost at exit: only what kills a process from outside takes the last turn's with it.
 */
export class StandardOutput {
  readonly #stream = pino.destination({ dest: 1, sync: true, maxLength: MOST_KEPT });
  #text = '';
  #waiting = false;
  #failing = false;

  constructor() {
    // Without a listener, whoever logs something would get the error.
    this.#stream.on('error', error => this.#fail(error));
    this.#stream.on('write', () => (this.#failing = false));
  }

  /** Takes a line; {@link flush} or {@link flushSoon} follows. */
  write(line: string): void {
    this.#text += line;
  }

  /** Writes everything that was taken. */
  readonly flush = (): void => {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#stream.write(text);
  };

  /** Writes everything at the end of this turn of the event loop. */
  flushSoon(): void {
    if (this.#text.length > MOST) return this.flush();
    if (this.#waiting) return;
    this.#waiting = true;
    // Never cleared: where the immediate before it throws, Node fails again and again at one that has been cleared meanwhile.
    setImmediate(this.#endTurn);
    process.once('exit', this.flush);
  }

  /** Told where it can still be read, once. A reader that has gone away does not want to know. */
  #fail({ code, message }: NodeJS.ErrnoException): void {
    if (this.#failing || code === 'EPIPE') return;
    this.#failing = true;
    try {
      writeSync(2, `The log can't be written to standard output, and goes on when it can: ${message}\n`);
    } catch {
      // There is nobody to tell.
    }
  }

  readonly #endTurn = (): void => {
    this.#waiting = false;
    process.off('exit', this.flush);
    this.flush();
  };
}
