// The interface for reporting the health of a plugin.

/** A health check of something that a plugin depends on. */
export type HealthServiceCheck = {
  /** Unique within the plugin. Probes see it as `plugin:<pluginId>:<name>`, with `ok` or `failed`. */
  name: string;
  /**
   * Throws or rejects if something is wrong. The error is logged when the check begins to fail, but not shown to
   * probes. Called by readiness probes, if the last result is older than `backend.health.maxAge` (5 seconds by
   * default).
   *
   * @param options - `signal` is aborted on timeout
   */
  check(options: { signal: AbortSignal }): void | Promise<void>;
  /** Timeout in milliseconds, after which the check has failed. Defaults to 800. */
  timeout?: number;
};

/** Adds a plugin's own checks to the health of the backend. */
export interface HealthService {
  /** Adds a check, which runs until the plugin stops. Throws if the plugin has already used the name. */
  addCheck(check: HealthServiceCheck): void;
}
