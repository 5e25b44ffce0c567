// The checks of what a backend depends on: runs them with a timeout, and caches their results.
import type { HealthServiceCheck, LoggerService } from '@greenroom/backend-plugin-api';
import { withDeadline } from '../../remote/withDeadline';

/** The health of one part of the backend: `degraded` is a plugin that failed and is being retried. */
export interface HealthContributor {
  name: string;
  status: 'ok' | 'degraded' | 'failed';
}

interface Entry {
  check: HealthServiceCheck;
  status?: 'ok' | 'failed';
  checkedAt: number;
  running?: Promise<void>;
}

// Below the one second after which Kubernetes gives up on a probe by default.
const defaultTimeout = 800;

/** Options of {@link HealthChecks}. */
export interface HealthChecksOptions {
  /** Told once, with the reason, when a check begins to fail, and once when it succeeds again. */
  logger: LoggerService;
  /** How many milliseconds a result is valid. */
  maxAge: number;
}

/**
 * Probes cost nothing while results are fresh, and never wait for stale ones: they get the last results and start the
 * checks, whose results the next probe gets.
 *
 * @public
 */
export class HealthChecks {
  readonly #entries = new Map<string, Entry>();
  readonly #logger: LoggerService;
  readonly #maxAge: number;

  constructor(options: HealthChecksOptions) {
    this.#logger = options.logger;
    this.#maxAge = options.maxAge;
  }

  /** Adds a check and returns a function that removes it. Throws if the name is taken. */
  add(check: HealthServiceCheck): () => void {
    const { name } = check;
    if (this.#entries.has(name)) {
      throw new Error(`There is a health check '${name}' already: give each of them a name of its own`);
    }
    const entry: Entry = { check, checkedAt: -Infinity };
    this.#entries.set(name, entry);
    return () => {
      if (this.#entries.get(name) === entry) {
        this.#entries.delete(name);
      }
    };
  }

  /** The last result of each check. Waits only for checks that have none yet. */
  async results(): Promise<HealthContributor[]> {
    const now = performance.now();
    const first: Array<Promise<void>> = [];
    for (const entry of this.#entries.values()) {
      if (!entry.running && now - entry.checkedAt >= this.#maxAge) {
        entry.running = this.#run(entry);
      }
      if (entry.status === undefined) {
        first.push(entry.running!);
      }
    }
    if (first.length > 0) {
      await Promise.all(first);
    }
    return [...this.#entries].map(([name, { status = 'ok' }]) => ({ name, status }));
  }

  async #run(entry: Entry): Promise<void> {
    const { name, check, timeout = defaultTimeout } = entry.check;
    const controller = new AbortController();
    let failure: Error | undefined;
    try {
      await withDeadline((async () => check({ signal: controller.signal }))(), timeout);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      controller.abort(failure);
    }
    entry.running = undefined;
    entry.checkedAt = performance.now();
    const before = entry.status ?? 'ok';
    entry.status = failure ? 'failed' : 'ok';
    if (failure && before === 'ok') {
      this.#logger.warn(`The health check '${name}' fails`, failure);
    } else if (!failure && before === 'failed') {
      this.#logger.info(`The health check '${name}' succeeds again`);
    }
  }
}
