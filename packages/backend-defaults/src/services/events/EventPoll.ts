// Asks for new events again and again, where no notification tells of them.

/** What an {@link EventPoll} needs. */
export interface EventPollOptions {
  /** Gives the number of the last event there is. */
  findLast(): Promise<string | null>;
  /** Called with every answer, and whether there are others than before. */
  onAnswer(isNew: boolean): void;
}

/** Milliseconds from an answer to the next question. */
const interval = 1_000;

/** Asks one question at a time. */
export class EventPoll {
  readonly #options: EventPollOptions;
  #timer: NodeJS.Timeout | undefined;
  #last: string | null | undefined;
  #answered = true;
  #stopped = false;

  constructor(options: EventPollOptions) {
    this.#options = options;
  }

  /** Whether the last question was answered. */
  get listens(): boolean {
    return this.#answered;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.#ask(), interval).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    try {
      const last = await this.#options.findLast();
      const isNew = last !== this.#last;
      this.#last = last;
      this.#answered = true;
      if (!this.#stopped) this.#options.onAnswer(isNew);
    } catch {
      this.#answered = false;
    }
    if (!this.#stopped) this.start();
  }
}
