// Finds the hooks of any implementation of a lifecycle service, and runs the startup hooks.
import {
  lifecycleHooksKey,
  type LifecycleHook,
  type LifecycleHooks,
} from '@greenroom/backend-plugin-api/internal';
import type { Consumer } from '../services/ServiceNode';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import { logError } from './Announcer';
import { failureOf } from './startFailures';

type Phase = 'startup' | 'beforeShutdown' | 'shutdown';

/** Other implementations may run their hooks themselves; the engine then sees them as a single hook. */
type Lifecycle = { readonly [lifecycleHooksKey]?: LifecycleHooks } & {
  readonly [phase in Phase]?: () => void | Promise<void>;
};

/**
 * The hooks of one phase, in the order in which they were added; from now on adding to the phase is an error. A service
 * that fails to tell them is one hook that fails.
 */
export function lifecycleHooksOf(service: unknown, phase: Phase): readonly LifecycleHook[] {
  if (typeof service !== 'object' || service === null) return [];
  const lifecycle: Lifecycle = service;
  try {
    const hooks = lifecycle[lifecycleHooksKey];
    hooks?.enter(phase);
    // Another copy of the contracts may not know all phases.
    if (hooks) return hooks[phase] ?? [];
    return typeof lifecycle[phase] === 'function' ? [{ run: () => lifecycle[phase]!() }] : [];
  } catch (error) {
    return [{ run: () => Promise.reject(error) }];
  }
}

/** Runs the startup hooks of a lifecycle service in parallel. Rejects with the failures once all are done. */
export async function runStartupHooks(
  lifecycle: unknown,
  who: Consumer,
  owner: string,
  parent: SpanId,
  spans: SpanRecorder,
): Promise<void> {
  const hooks = lifecycleHooksOf(lifecycle, 'startup');
  const results = await Promise.allSettled(
    hooks.map(async (hook, at) => {
      const span = spans.begin('hook', `startup hook ${at + 1}`, owner, parent);
      try {
        await hook.run();
      } catch (error) {
        logError(hook.logger, failureOf(who, 'GR_STARTUP_HOOK_FAILED', error).message);
        throw error;
      } finally {
        spans.end(span);
      }
    }),
  );
  const failures = results.filter(one => one.status === 'rejected').map(one => one.reason as unknown);
  if (failures.length === 0) return;
  const thrown = failures.length === 1 ? failures[0] : new AggregateError(failures);
  throw failureOf(who, 'GR_STARTUP_HOOK_FAILED', thrown);
}
