// The interface for reporting the health of a plugin.

/** A check of something that a plugin depends on. */
export type HealthServiceCheck = {
  /** Unique within the plugin; shown to whoever probes, with `ok` or `failed`. */
  name: string;
  /**
   * Throws or rejects where something is wrong; why is logged and not shown. It is asked for a few times a minute at most.
   *
   * @param options - `signal` is aborted when the time is over
   */
  check(options: { signal: AbortSignal }): void | Promise<void>;
  /** Milliseconds after which it counts as failed. Default 800. */
  timeout?: number;
};

/** Adds what a plugin knows of its health to that of the backend. */
export interface HealthService {
  /** Adds a check, until the plugin stops. Throws for a name that the plugin has used before. */
  addCheck(check: HealthServiceCheck): void;
}
