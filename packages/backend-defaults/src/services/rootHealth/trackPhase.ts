// Tracks the phase of a backend through its root lifecycle, whichever implementation that is.
import type { RootLifecycleService } from '@greenroom/backend-plugin-api';
import { RootLifecycle, type BackendPhase } from '../rootLifecycle/RootLifecycle';

/**
 * A function that returns the phase. Our own root lifecycle knows it exactly; any other is watched with hooks, which
 * may notice a shutdown only after hooks that were added later.
 */
export function trackPhase(lifecycle: RootLifecycleService): () => BackendPhase {
  if (lifecycle instanceof RootLifecycle) {
    return () => lifecycle.phase;
  }
  let phase: BackendPhase = 'starting';
  lifecycle.addStartupHook(() => {
    phase = phase === 'starting' ? 'started' : phase;
  });
  lifecycle.addBeforeShutdownHook(() => {
    phase = 'stopping';
  });
  return () => phase;
}
