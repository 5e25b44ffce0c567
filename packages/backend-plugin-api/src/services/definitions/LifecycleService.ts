// The interface for startup and shutdown hooks.
import type { LoggerService } from './LoggerService';

/** Runs after a plugin has started. If it fails, the plugin fails. */
export type LifecycleServiceStartupHook = () => void | Promise<void>;

/** Options of {@link LifecycleService.addStartupHook}. */
export interface LifecycleServiceStartupOptions {
  /** Logger for messages about the hook. Defaults to the logger of the lifecycle service. */
  logger?: LoggerService;
}

/** Runs on shutdown. If it fails, the error is logged and the other hooks still run. */
export type LifecycleServiceShutdownHook = () => void | Promise<void>;

/** Options of {@link LifecycleService.addShutdownHook}. */
export interface LifecycleServiceShutdownOptions {
  /** Logger for messages about the hook. Defaults to the logger of the lifecycle service. */
  logger?: LoggerService;
}

/** Registers startup and shutdown hooks of a plugin. */
export interface LifecycleService {
  /** Adds a hook that runs after the plugin's `init` or, for the root lifecycle, after all plugins have started. */
  addStartupHook(hook: LifecycleServiceStartupHook, options?: LifecycleServiceStartupOptions): void;
  /** Adds a hook that runs on shutdown. Hooks run in reverse order of registration. */
  addShutdownHook(hook: LifecycleServiceShutdownHook, options?: LifecycleServiceShutdownOptions): void;
}
