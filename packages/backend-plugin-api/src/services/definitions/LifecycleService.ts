// The interface for startup and shutdown hooks.
import type { LoggerService } from './LoggerService';

/** Runs when a plugin has started; a failure is a failure of that plugin. */
export type LifecycleServiceStartupHook = () => void | Promise<void>;

/** Options of {@link LifecycleService.addStartupHook}. */
export interface LifecycleServiceStartupOptions {
  /** Logs about the hook. Defaults to the logger of the lifecycle service. */
  logger?: LoggerService;
}

/** Runs when the backend stops; a failure is logged and doesn't keep the other hooks from running. */
export type LifecycleServiceShutdownHook = () => void | Promise<void>;

/** Options of {@link LifecycleService.addShutdownHook}. */
export interface LifecycleServiceShutdownOptions {
  /** Logs about the hook. Defaults to the logger of the lifecycle service. */
  logger?: LoggerService;
}

/** Registers hooks around the life of one plugin. */
export interface LifecycleService {
  /** Adds a hook that runs after the plugin's `init` or, for the root lifecycle, after all plugins have started. */
  addStartupHook(hook: LifecycleServiceStartupHook, options?: LifecycleServiceStartupOptions): void;
  /** Adds a hook that runs when the backend stops, in reverse order of registration. */
  addShutdownHook(hook: LifecycleServiceShutdownHook, options?: LifecycleServiceShutdownOptions): void;
}
