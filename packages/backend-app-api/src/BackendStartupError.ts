// The error with which a failed start ends: every failure in its message, the whole result beside it.
import { GreenroomError, isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import { EngineError, listed } from './errors';
import type { BackendStartupResult } from './report/StartupResult';

/**
 * A start that failed, after everything that had started was stopped again. The message lists every failure that was
 * not allowed, one cause once; a single one leads it. `result` holds the rest. `code` is `GR_STARTUP_FAILED`.
 *
 * @public
 */
export class BackendStartupError extends GreenroomError {
  override name = 'BackendStartupError' as const;
  readonly #result: BackendStartupResult;

  constructor(result: BackendStartupResult) {
    const failures = decisiveFailures(result);
    const reasons = wordReasons(failures);
    super({
      code: 'GR_STARTUP_FAILED',
      message:
        reasons.length === 1
          ? wordSingle(reasons[0]!)
          : `The backend did not start, for ${reasons.length} reasons:${listed(reasons)}`,
      cause: failures.length === 1 ? failures[0] : undefined,
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

/** What is wrong comes first: whoever reads it knows already that the start failed. */
function wordSingle(reason: string): string {
  if (reason.includes('\n')) return `${reason}\nThe backend did not start.`;
  return `${/[.!?]$/.test(reason) ? reason : `${reason}.`} The backend did not start.`;
}

/** One text a cause: what is wrong with a service that many plugins need is told once, with the names of all of them. */
function wordReasons(failures: readonly Error[]): string[] {
  const alike = new Map<unknown, Error[]>();
  for (const error of failures.flatMap(each)) {
    const key = sameness(error);
    const known = alike.get(key);
    if (known) known.push(error);
    else alike.set(key, [error]);
  }
  return [...alike.values()].map(([first, ...others]) => {
    const names = new Set(others.flatMap(error => concerned(error) ?? []));
    return names.size > 0
      ? `${first!.message}\nThe same keeps back ${[...names].join(', ')}.`
      : first!.message;
  });
}

/** An error that only lists others is told by these. */
function each(error: Error): readonly Error[] {
  const { code, fields } = error as Partial<EngineError>;
  return code === 'GR_WIRING_INVALID'
    ? (fields as unknown as { problems: readonly Error[] }).problems
    : [error];
}

function sameness(error: Error): unknown {
  const { cause, code } = error as Error & { code?: string };
  // One stop keeps them all back.
  if (code === 'GR_START_ABORTED') return code;
  if (typeof cause === 'object' && cause !== null) return cause;
  return isGreenroomError(error) ? error.what : error;
}

/** Whom an error kept from starting: the first of its path. */
function concerned(error: Error): string | undefined {
  if (!(error instanceof EngineError)) return undefined;
  return error.path?.[0] ?? (error.fields as { subject?: string }).subject;
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
