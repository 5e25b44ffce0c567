// How a lifecycle service hands its hooks to the engine, which runs them with a deadline, a span and a result for each.
import type { LoggerService } from '../services/definitions/LoggerService';

/** One hook, in the order in which it was added. */
export interface LifecycleHook {
  readonly run: () => void | Promise<void>;
  /** The logger given when the hook was added, if any. */
  readonly logger?: LoggerService;
}

/** The hooks of one lifecycle service. The engine reads each list when its phase begins. */
export interface LifecycleHooks {
  readonly startup: readonly LifecycleHook[];
  /** Root lifecycle only. */
  readonly beforeShutdown: readonly LifecycleHook[];
  readonly shutdown: readonly LifecycleHook[];
  /** Called by the engine when a phase begins: from then on adding a hook to that phase is an error. */
  enter(phase: 'startup' | 'beforeShutdown' | 'shutdown'): void;
}

/**
 * The property under which a lifecycle service keeps its {@link LifecycleHooks}. A registered symbol, so that several
 * copies of this package in one process agree on it. A service without it is driven through `startup()`,
 * `beforeShutdown()` and `shutdown()` methods where it has them.
 */
export const lifecycleHooksKey: unique symbol = Symbol.for('greenroom.lifecycleHooks') as never;
