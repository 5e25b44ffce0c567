// The secrets of a task.

/**
 * Secrets by name. They are given to actions, and to templates as `secrets`; they never reach logs, events or results.
 *
 * @public
 */
export type TaskSecrets = Record<string, string> & {
  /** A token of the user who created the task, which the catalog takes; templates don't have it. */
  backstageToken?: string;
};
