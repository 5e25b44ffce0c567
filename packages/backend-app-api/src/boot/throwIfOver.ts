// Ends what still goes on for a plugin after a deadline or an abort, at its next step.
import { abortError } from './orAborted';
import type { PluginRun } from './PluginRun';

/** Throws where the outcome is decided already, or the backend is to stop: nothing further is to begin. */
export function throwIfOver({ plugin, context, over }: PluginRun): void {
  const { signal } = context;
  if (over || signal.aborted) throw abortError(plugin.declared.subject, signal.reason);
}
