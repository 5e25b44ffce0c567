// Asks questions and reads one-line answers, from a terminal or from piped input.
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** The input ended before a question was answered. */
export class InputEndedError extends Error {
  override readonly name = 'InputEndedError';

  constructor(question: string) {
    super(
      `The input ended before '${question.trim()}' was answered. Give answers with --values FILE, and take defaults with --yes`,
    );
  }
}

/** Asks one question at a time. */
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
    // Lines may still be buffered.
    this.#readline.once('close', () => (this.#isEnded = true));
    // The iterator buffers lines that arrive before they are asked for.
    this.#lines = this.#readline[Symbol.asyncIterator]();
  }

  /** Returns the answer without surrounding spaces. A secret is not shown while it is typed. */
  async ask(question: string, options: { isSecret?: boolean } = {}): Promise<string> {
    // Set as readline's prompt, which readline repeats whenever it redraws the line.
    this.#readline.setPrompt(`${question} `);
    if (!this.#isEnded) this.#readline.prompt();
    this.#isMuted = options.isSecret ?? false;
    const { value, done } = await this.#lines.next();
    // A terminal echoes the input by itself, unless it is muted.
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
