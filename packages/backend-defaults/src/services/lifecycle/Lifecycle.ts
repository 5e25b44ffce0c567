// Stores the hooks that a plugin adds for the engine, which runs them.
import type {
  LifecycleService,
  LifecycleServiceShutdownHook,
  LifecycleServiceShutdownOptions,
  LifecycleServiceStartupHook,
  LifecycleServiceStartupOptions,
} from '@greenroom/backend-plugin-api';
import {
  lifecycleHooksKey,
  type LifecycleHook,
  type LifecycleHooks,
} from '@greenroom/backend-plugin-api/internal';
import { LifecyclePhaseError, type LifecyclePhase } from './LifecyclePhaseError';

/**
 * The lifecycle of one plugin: a list of hooks per phase. The engine finds the lists under `lifecycleHooksKey`.
 *
 * @public
 */
export class Lifecycle implements LifecycleService {
  readonly [lifecycleHooksKey]: LifecycleHooks;
  protected readonly hooks = {
    startup: new Array<LifecycleHook>(),
    beforeShutdown: new Array<LifecycleHook>(),
    shutdown: new Array<LifecycleHook>(),
  };
  readonly #begun = new Set<LifecyclePhase>();
  readonly #owner: string;

  /** @param owner - whose lifecycle it is, in words for messages: `plugin 'catalog'`. */
  constructor(owner: string) {
    this.#owner = owner;
    this[lifecycleHooksKey] = { ...this.hooks, enter: phase => this.enter(phase) };
  }

  /** Adds a hook that runs after the plugin's init. Throws `LifecyclePhaseError` if that has begun. */
  addStartupHook(hook: LifecycleServiceStartupHook, options?: LifecycleServiceStartupOptions): void {
    this.add('startup', hook, options);
  }

  /** Adds a hook that runs when the backend stops, last added first. Throws `LifecyclePhaseError` if that has begun. */
  addShutdownHook(hook: LifecycleServiceShutdownHook, options?: LifecycleServiceShutdownOptions): void {
    this.add('shutdown', hook, options);
  }

  protected add(
    phase: LifecyclePhase,
    run: LifecycleHook['run'],
    options?: Pick<LifecycleHook, 'logger'>,
  ): void {
    if (this.#begun.has(phase)) {
      throw new LifecyclePhaseError(this.#owner, phase);
    }
    this.hooks[phase].push(options?.logger ? { run, logger: options.logger } : { run });
  }

  protected enter(phase: LifecyclePhase): void {
    this.#begun.add(phase);
  }
}
