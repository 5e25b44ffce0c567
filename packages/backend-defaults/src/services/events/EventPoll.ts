// Polls for new events, if notifications are not available.

/** What an {@link EventPoll} needs. */
export interface EventPollOptions {
  /** Returns the number of the last event. */
  findLast(): Promise<string | null>;
  /** Called with every answer. `isNew` is whether the last event has changed since the previous answer. */
  onAnswer(isNew: boolean): void;
}

/** Milliseconds between an answer and the next query. */
const interval = 1_000;

/** Runs one query at a time. */
export class EventPoll {
  readonly #options: EventPollOptions;
  #timer: NodeJS.Timeout | undefined;
  #last: string | null | undefined;
  #answered = true;
  #stopped = false;

  constructor(options: EventPollOptions) {
    this.#options = options;
  }

  /** Whether the last query was answered. */
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
