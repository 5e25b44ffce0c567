// Runs the startup hooks that were added to a lifecycle service.
import { lifecycleHooksOf } from './lifecycleHooksOf';
import { failureOf } from './startFailures';
import type { Consumer } from '../services/serviceGraph';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';

/** All at the same time; rejects with the first failure once all are done. */
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
      } finally {
        spans.end(span);
      }
    }),
  );
  const failed = results.find(result => result.status === 'rejected');
  if (failed) throw failureOf(who, 'GR_STARTUP_HOOK_FAILED', failed.reason);
}
