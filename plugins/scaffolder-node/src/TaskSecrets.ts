// The secrets of a task.

/**
 * Secrets by name. Actions receive them, and templates see them as `secrets`. They never appear in logs, events or
 * results.
 *
 * @public
 */
export type TaskSecrets = Record<string, string> & {
  /** A token of the user who created the task, which the catalog accepts. Templates do not see it. */
  backstageToken?: string;
};
