// The queue for a single instance, for example on SQLite: in memory, filled from the database on start.
import type { TaskQueue } from './TaskQueue';

const RETRY_MS = 1000;

/** First in, first out. */
export class LocalTaskQueue implements TaskQueue {
  readonly #listOpenIds: () => Promise<string[]>;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #options: Parameters<TaskQueue['start']>[0] | undefined;

  /** @param listOpenIds - returns the ids of open tasks, oldest first */
  constructor(listOpenIds: () => Promise<string[]>) {
    this.#listOpenIds = listOpenIds;
  }

  async create(tasks: PromiseLike<Array<{ id: string }>>): Promise<void> {
    this.#enqueue((await tasks).map(({ id }) => id));
  }

  async add(taskIds: readonly string[], trx: { executionPromise: Promise<unknown> }): Promise<void> {
    // If the transaction is rolled back, no task has been opened.
    trx.executionPromise.then(
      () => this.#enqueue(taskIds),
      () => {},
    );
  }

  /** Always empty, because there is no other instance that could have died. */
  async findStuck(): Promise<string[]> {
    return [];
  }

  async start(options: Parameters<TaskQueue['start']>[0]): Promise<void> {
    this.#options = options;
    this.#enqueue(await this.#listOpenIds());
  }

  async stop(): Promise<void> {
    this.#options = undefined;
    this.#retries.forEach(clearTimeout);
    await Promise.all(this.#running);
  }

  #enqueue(taskIds: readonly string[]): void {
    for (const id of taskIds) this.#waiting.add(id);
    this.#fill();
  }

  #fill(): void {
    for (const id of this.#waiting) {
      if (!this.#options || this.#running.size >= this.#options.concurrency) return;
      this.#waiting.delete(id);
      const run: Promise<void> = this.#options
        .run(id)
        .catch(() => this.#retryLater(id))
        .then(() => {
          this.#running.delete(run);
          this.#fill();
        });
      this.#running.add(run);
    }
  }

  #retryLater(id: string): void {
    if (!this.#options) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#enqueue([id]);
    }, RETRY_MS);
    this.#retries.add(timer);
  }
}
