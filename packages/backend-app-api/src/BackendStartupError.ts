// The error with which a failed start ends: every failure in its message, the whole result beside it.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import type { BackendStartupResult } from './report/StartupResult';

/**
 * A start that failed, after everything that had started was stopped again. The message lists every failure that was
 * not allowed; `result` holds the rest. `code` is `GR_STARTUP_FAILED`.
 *
 * @public
 */
export class BackendStartupError extends GreenroomError {
  override name = 'BackendStartupError' as const;
  readonly #result: BackendStartupResult;

  constructor(result: BackendStartupResult) {
    const failures = decisiveFailures(result);
    const [first] = failures;
    super({
      code: 'GR_STARTUP_FAILED',
      message:
        failures.length === 1
          ? `The backend did not start: ${first!.message}`
          : `The backend did not start, for ${failures.length} reasons:${failures.map(error => `\n  - ${error.message}`).join('')}`,
      cause: failures.length === 1 ? first : undefined,
    });
    this.#result = result;
  }

  /** How the start went, with one entry a plugin and module. */
  get result(): BackendStartupResult {
    return this.#result;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), result: this.#result };
  }
}

/** The failures that decided the outcome. A plugin that failed because of its modules is told by the modules. */
function decisiveFailures({ problems, plugins }: BackendStartupResult): Error[] {
  const failures = [...problems];
  for (const { failure, modules } of plugins) {
    const ofModules = modules.flatMap(module =>
      module.failure?.allowed === false ? [module.failure.error] : [],
    );
    failures.push(...ofModules);
    const told =
      ofModules.length > 0 && (failure?.error as { code?: string } | undefined)?.code === 'GR_MODULE_FAILED';
    if (failure?.allowed === false && !told) failures.push(failure.error);
  }
  return failures;
}
