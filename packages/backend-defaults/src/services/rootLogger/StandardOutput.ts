// Sends log lines to standard output: at once, but lines that can wait together, once a turn of the event loop.
import pino from 'pino';

/** Characters that are held back at most. */
const MOST = 8_192;

/**
 * A server under load ends many requests in one turn; a system call for the line of each costs more than its making. Lines
 * keep their order, and none is lost at exit: only what kills a process from outside takes the last turn's with it.
 */
export class StandardOutput {
  readonly #stream = pino.destination({ dest: 1, sync: true });
  #text = '';
  #waiting = false;

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

  readonly #endTurn = (): void => {
    this.#waiting = false;
    process.off('exit', this.flush);
    this.flush();
  };
}
