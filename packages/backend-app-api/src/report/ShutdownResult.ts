// The shape of what a stop reports: each hook with its duration and outcome. Types only.

/** The phase of the shutdown that a hook belongs to. */
export type ShutdownPhase = 'beforeShutdown' | 'shutdown';

/** The result of one shutdown hook. */
export interface ShutdownHookResult {
  /** The plugin that added the hook, or `root`. */
  owner: string;
  phase: ShutdownPhase;
  /** The position among the hooks of this phase, in the order in which the owner added them. */
  index: number;
  durationMs: number;
  outcome: 'done' | 'failed' | 'timed out';
  error?: Error;
}

/** The result of a shutdown. */
export interface BackendShutdownResult {
  /** Duration of the whole shutdown in milliseconds. */
  durationMs: number;
  /** `failure` if any hook failed or exceeded its timeout. */
  outcome: 'success' | 'failure';
  /** All hooks, in the order in which they ended. */
  hooks: ShutdownHookResult[];
}
