// The interface for startup and shutdown hooks.
import type { LoggerService } from './LoggerService';

/** Runs after the `init` of a plugin, or of all plugins. If it fails, the plugin or the startup fails. */
export type LifecycleServiceStartupHook = () => void | Promise<void>;

/** Options of {@link LifecycleService.addStartupHook}. */
export interface LifecycleServiceStartupOptions {
  /** Logs a failure of the hook, in addition to the report of the startup. By default there is only the report. */
  logger?: LoggerService;
}

/**
 * Runs on shutdown. If it fails, or takes longer than `backend.lifecycle.shutdownHookTimeout` (15 seconds by default),
 * that is reported and the other hooks still run.
 */
export type LifecycleServiceShutdownHook = () => void | Promise<void>;

/** Options of {@link LifecycleService.addShutdownHook}. */
export interface LifecycleServiceShutdownOptions {
  /** Logs a failure of the hook, in addition to the report of the shutdown. By default there is only the report. */
  logger?: LoggerService;
}

/**
 * Registers startup and shutdown hooks of a plugin. Hooks that are added when their phase has begun would never run, so
 * adding them throws an error with code `GR_LIFECYCLE_PHASE`.
 */
export interface LifecycleService {
  /**
   * Adds a hook that runs after the plugin's `init` or, for the root lifecycle, after all plugins have started. Hooks
   * run at the same time.
   */
  addStartupHook(hook: LifecycleServiceStartupHook, options?: LifecycleServiceStartupOptions): void;
  /** Adds a hook that runs on shutdown. Hooks run one after another, in reverse order of registration. */
  addShutdownHook(hook: LifecycleServiceShutdownHook, options?: LifecycleServiceShutdownOptions): void;
}
