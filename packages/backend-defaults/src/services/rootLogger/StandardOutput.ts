// Writes log lines to standard output: at once, or together once per turn of the event loop if they can wait.
import { writeSync } from 'node:fs';
import pino from 'pino';

/** Maximum number of characters to hold back. */
const MOST = 8_192;
/** Bytes to keep if the output can't be written to, such as a file on a full disk. Anything beyond is lost. */
const MOST_KEPT = 1_048_576;

/**
 * A server under load ends many requests per turn, and a system call for each line costs more than making it. Lines
 * keep their order, and none is lost at exit; only a process that is killed loses those of its last turn.
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

  /** Takes a line, to be followed by {@link flush} or {@link flushSoon}. */
  write(line: string): void {
    this.#text += line;
  }

  /** Writes everything taken so far. */
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
    // Never cleared: if the immediate before it throws, Node fails again and again at one that has been cleared meanwhile.
    setImmediate(this.#endTurn);
    process.once('exit', this.flush);
  }

  /** Reports it once, on standard error. A reader that has gone away does not want to know. */
  #fail({ code, message }: NodeJS.ErrnoException): void {
    if (this.#failing || code === 'EPIPE') return;
    this.#failing = true;
    try {
      writeSync(2, `The log can't be written to standard output, and goes on when it can: ${message}\n`);
    } catch {
      // Nobody is left to tell.
    }
  }

  readonly #endTurn = (): void => {
    this.#waiting = false;
    process.off('exit', this.flush);
    this.flush();
  };
}
