// The interface for startup and shutdown hooks of the whole backend.
import type { LifecycleService } from './LifecycleService';

/** Registers hooks of the whole backend: startup after all plugins, shutdown after the hooks of all plugins. */
export interface RootLifecycleService extends LifecycleService {
  /** Adds a hook that runs first of all when the backend stops, while requests are still being served. */
  addBeforeShutdownHook(hook: () => void | Promise<void>): void;
}
