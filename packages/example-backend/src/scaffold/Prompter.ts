// Asks questions, one line each, in a terminal or of whatever is piped in.
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Nobody is there to answer. */
export class InputEndedError extends Error {
  override readonly name = 'InputEndedError';

  constructor(question: string) {
    super(
      `The input ended before '${question.trim()}' was answered. Give answers with --values FILE, and take defaults with --yes`,
    );
  }
}

/** One at a time. */
export class Prompter {
  readonly #readline: Interface;
  readonly #lines: AsyncIterator<string>;
  readonly #output: NodeJS.WritableStream;
  readonly #isTerminal: boolean;
  #isMuted = false;
  #isEnded = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#output = output;
    this.#isTerminal = input.isTTY ?? false;
    const echo = new Writable({
      write: (chunk, encoding, done) => {
        if (!this.#isMuted) output.write(chunk, encoding);
        done();
      },
    });
    this.#readline = createInterface({ input, output: echo, terminal: this.#isTerminal });
    // There may be lines left nevertheless.
    this.#readline.once('close', () => (this.#isEnded = true));
    // As an iterator it keeps lines that come before they are asked for.
    this.#lines = this.#readline[Symbol.asyncIterator]();
  }

  /** The line without spaces around it. A secret is not shown while it is typed. */
  async ask(question: string, options: { isSecret?: boolean } = {}): Promise<string> {
    // By readline itself, which writes it again when it redraws the line.
    this.#readline.setPrompt(`${question} `);
    if (!this.#isEnded) this.#readline.prompt();
    this.#isMuted = options.isSecret ?? false;
    const { value, done } = await this.#lines.next();
    // A terminal shows what is typed by itself, unless it is kept from that.
    if (this.#isMuted) this.#output.write('\n');
    else if (!this.#isTerminal) this.#output.write(`${value ?? ''}\n`);
    this.#isMuted = false;
    if (done) throw new InputEndedError(question);
    return String(value).trim();
  }

  tell(text: string): void {
    this.#output.write(`${text}\n`);
  }

  close(): void {
    this.#readline.close();
  }
}
