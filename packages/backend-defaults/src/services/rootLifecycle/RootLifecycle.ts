// Stores the hooks of the backend as a whole, and tracks its phase.
import type { LifecycleHook } from '@greenroom/backend-plugin-api/internal';
import type { RootLifecycleService } from '@greenroom/backend-plugin-api';
import { Lifecycle } from '../lifecycle/Lifecycle';
import type { LifecyclePhase } from '../lifecycle/LifecyclePhaseError';

/** The phase of a backend: `started` once every root startup hook has succeeded. */
export type BackendPhase = 'starting' | 'started' | 'stopping';

/**
 * The lifecycle of a backend.
 *
 * @public
 */
export class RootLifecycle extends Lifecycle implements RootLifecycleService {
  #phase: BackendPhase = 'starting';
  #unfinishedStartupHooks = 0;

  constructor() {
    super('the backend');
  }

  /** Changes at the very beginning of a shutdown, before any before-shutdown hook runs. */
  get phase(): BackendPhase {
    return this.#phase;
  }

  /** Adds a hook that runs before any plugin is shut down, last added first. Throws `LifecyclePhaseError` if that has begun. */
  addBeforeShutdownHook(hook: () => void | Promise<void>): void {
    this.add('beforeShutdown', hook);
  }

  protected override add(
    phase: LifecyclePhase,
    run: LifecycleHook['run'],
    options?: Pick<LifecycleHook, 'logger'>,
  ): void {
    if (phase !== 'startup') {
      super.add(phase, run, options);
      return;
    }
    super.add(phase, () => this.#runStartupHook(run), options);
    this.#unfinishedStartupHooks++;
  }

  protected override enter(phase: LifecyclePhase): void {
    super.enter(phase);
    if (phase === 'startup') {
      this.#checkStarted();
    } else {
      this.#phase = 'stopping';
    }
  }

  #runStartupHook(run: LifecycleHook['run']): void | Promise<void> {
    const running: unknown = run();
    return isThenable(running)
      ? Promise.resolve(running).then(() => this.#startupHookDone())
      : this.#startupHookDone();
  }

  #startupHookDone(): void {
    this.#unfinishedStartupHooks--;
    this.#checkStarted();
  }

  #checkStarted(): void {
    if (this.#unfinishedStartupHooks === 0 && this.#phase === 'starting') {
      this.#phase = 'started';
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
