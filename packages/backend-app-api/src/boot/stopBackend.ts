// Step 8, stop: runs the shutdown hooks of everything that was made, in order, each with a deadline and a result.
import type { LifecycleHook } from '@greenroom/backend-plugin-api/internal';
import { EngineError, reasonOf, subject as word } from '../errors';
import type { ServiceScope } from '../services/ServiceScope';
import { logError } from './Announcer';
import { endOf } from './endOf';
import { lifecycleHooksOf } from './lifecycleHooks';
import type { BackendShutdownResult, ShutdownHookResult, ShutdownPhase } from '../report/ShutdownResult';
import type { BootContext } from './StartContext';

/**
 * Before-shutdown hooks of the root, then the shutdown hooks of all plugins at the same time, then those of the root;
 * each list in reverse order of registration. Never rejects.
 */
export async function stopBackend({
  registry,
  limits,
}: Pick<BootContext, 'registry' | 'limits'>): Promise<BackendShutdownResult> {
  const begin = performance.now();
  const hooks: ShutdownHookResult[] = [];

  const leftOfAll = () => limits.totalMs - (performance.now() - begin);
  const leftMs = () => Math.min(limits.hookMs, leftOfAll());
  const run = async (scope: ServiceScope, phase: ShutdownPhase): Promise<void> => {
    const { owner, leaving } = scope;
    // Hooks of a failed attempt at a plugin may be running already, each with its own limit.
    if (leaving) {
      hooks.push(await runHook({ run: () => leaving }, { owner, phase, index: 0 }, leftOfAll()));
      return;
    }
    const id = scope === registry.root ? 'core.rootLifecycle' : 'core.lifecycle';
    // Before-shutdown hooks exist to wait: for load balancers, for running requests.
    const limit = phase === 'beforeShutdown' ? leftOfAll : leftMs;
    await runShutdownHooks(registry.made(id, scope), owner, phase, limit, hooks);
  };

  registry.root.closed = true;
  for (const scope of registry.scopes) scope.closed = true;
  await run(registry.root, 'beforeShutdown');
  await Promise.all([...registry.scopes].map(scope => run(scope, 'shutdown')));
  await run(registry.root, 'shutdown');

  const outcome = hooks.every(hook => hook.outcome === 'done') ? 'success' : 'failure';
  return { durationMs: performance.now() - begin, outcome, hooks };
}

/** Runs the hooks of one phase, last one first, and adds a result for each. Never rejects. */
export async function runShutdownHooks(
  lifecycle: unknown,
  owner: string,
  phase: ShutdownPhase,
  timeoutMs: () => number,
  results: ShutdownHookResult[],
): Promise<void> {
  const hooks = lifecycleHooksOf(lifecycle, phase);
  for (let index = hooks.length - 1; index >= 0; index--) {
    results.push(await runHook(hooks[index]!, { owner, phase, index }, timeoutMs()));
  }
}

async function runHook(
  hook: LifecycleHook,
  which: Pick<ShutdownHookResult, 'owner' | 'phase' | 'index'>,
  leftMs: number,
): Promise<ShutdownHookResult> {
  const begin = performance.now();
  // A hook still begins when no time is left, because many hooks finish at once.
  const timeoutMs = Math.max(0, leftMs);
  const subject = which.owner === 'root' ? 'the backend' : word('plugin', which.owner);
  const done = (outcome: ShutdownHookResult['outcome'], error?: EngineError): ShutdownHookResult => {
    if (error) logError(hook.logger, error.message);
    return { ...which, durationMs: performance.now() - begin, outcome, ...(error && { error }) };
  };
  try {
    const end = await endOf((async () => hook.run())(), { ms: timeoutMs, holds: true });
    if (end === 'done') return done('done');
    const fields = { subject, timeoutMs: Math.round(timeoutMs) };
    return done('timed out', new EngineError('GR_SHUTDOWN_HOOK_TIMEOUT', fields));
  } catch (thrown) {
    const fields = { subject, reason: reasonOf(thrown) };
    return done('failed', new EngineError('GR_SHUTDOWN_HOOK_FAILED', fields, { cause: thrown }));
  }
}
