// Finds the hooks of a lifecycle service, whoever wrote it.
import {
  lifecycleHooksKey,
  type LifecycleHook,
  type LifecycleHooks,
} from '@greenroom/backend-plugin-api/internal';

type Phase = 'startup' | 'beforeShutdown' | 'shutdown';

/** A service of another maker may run its own hooks, and is then one hook to the engine. */
type SelfRunning = { readonly [phase in Phase]?: () => void | Promise<void> };

/** The hooks of one phase, in the order in which they were added; from now on adding to the phase is an error. */
export function lifecycleHooksOf(service: unknown, phase: Phase): readonly LifecycleHook[] {
  if (typeof service !== 'object' || service === null) return [];
  const hooks = (service as { [lifecycleHooksKey]?: LifecycleHooks })[lifecycleHooksKey];
  if (hooks) {
    hooks.enter(phase);
    return hooks[phase];
  }
  const selfRunning = service as SelfRunning;
  return typeof selfRunning[phase] === 'function' ? [{ run: () => selfRunning[phase]!() }] : [];
}
