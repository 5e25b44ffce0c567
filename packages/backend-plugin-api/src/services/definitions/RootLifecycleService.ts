// The interface for startup and shutdown hooks of the whole backend.
import type { LifecycleService } from './LifecycleService';

/**
 * Registers hooks of the whole backend. Startup hooks run after all plugins have started, shutdown hooks after those of
 * all plugins.
 */
export interface RootLifecycleService extends LifecycleService {
  /** Adds a hook that runs before all others on shutdown, while requests are still being served. */
  addBeforeShutdownHook(hook: () => void | Promise<void>): void;
}
