// How a lifecycle service passes its hooks to the engine, which runs each with a deadline, a span and a result.
import type { LoggerService } from '../services/definitions/LoggerService';

/** A single hook. Hooks are listed in the order in which they were added. */
export interface LifecycleHook {
  readonly run: () => void | Promise<void>;
  /** The logger given with the hook, if any. */
  readonly logger?: LoggerService;
}

/** The hooks of a lifecycle service. The engine reads each list when its phase begins. */
export interface LifecycleHooks {
  readonly startup: readonly LifecycleHook[];
  /** Only for the root lifecycle. */
  readonly beforeShutdown: readonly LifecycleHook[];
  readonly shutdown: readonly LifecycleHook[];
  /** Called by the engine when a phase begins. From then on, adding a hook to that phase is an error. */
  enter(phase: 'startup' | 'beforeShutdown' | 'shutdown'): void;
}

/**
 * The property where a lifecycle service keeps its {@link LifecycleHooks}. A registered symbol, so that several
 * copies of this package in one process share it. A service without it is driven by its `startup()`,
 * `beforeShutdown()` and `shutdown()` methods, if it has them.
 */
export const lifecycleHooksKey: unique symbol = Symbol.for('greenroom.lifecycleHooks') as never;
