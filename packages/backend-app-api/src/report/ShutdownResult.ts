// The shape of what a stop reports: each hook with its duration and outcome. Types only.

/** The part of the stop sequence a hook belongs to. */
export type ShutdownPhase = 'beforeShutdown' | 'shutdown';

/** How one shutdown hook went. */
export interface ShutdownHookResult {
  /** The plugin that added the hook, or `root`. */
  owner: string;
  phase: ShutdownPhase;
  /** Position in the order in which the owner added its hooks of this phase. */
  index: number;
  durationMs: number;
  outcome: 'done' | 'failed' | 'timed out';
  error?: Error;
}

/** How a stop went. */
export interface BackendShutdownResult {
  /** Milliseconds that the whole sequence took. */
  durationMs: number;
  /** `failure` where any hook failed or ran past its deadline. */
  outcome: 'success' | 'failure';
  /** Every hook, in the order in which they ended. */
  hooks: ShutdownHookResult[];
}
