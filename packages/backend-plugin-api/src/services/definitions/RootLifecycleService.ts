// The interface for startup and shutdown hooks of the whole backend.
import type { LifecycleService } from './LifecycleService';

/**
 * Registers hooks of the whole backend. Startup hooks run after all plugins have started, shutdown hooks after those of
 * all plugins.
 */
export interface RootLifecycleService extends LifecycleService {
  /**
   * Adds a hook that runs before all others on shutdown, while requests are still being served. It has no timeout but
   * that of the whole shutdown, `backend.lifecycle.shutdownTimeout` (30 seconds by default).
   */
  addBeforeShutdownHook(hook: () => void | Promise<void>): void;
}
