// The error with which a failed start ends: every failure in its message, the whole result beside it.
import { GreenroomError, reasonKey } from '@greenroom/backend-plugin-api/internal';
import { listed, type EngineError } from './errors';
import type { BackendStartupResult, StartupFailure } from './report/StartupResult';

/**
 * The backend failed to start, and everything that had started was stopped again. The message lists every failure
 * that was not allowed, with each cause once; a single failure comes first in it. `result` has all details. `code` is
 * `GR_STARTUP_FAILED`.
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

  /** The result of the start, with one entry per plugin and module. */
  get result(): BackendStartupResult {
    return this.#result;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), result: this.#result };
  }
}

/** The failures that decided the outcome. A plugin that failed because of its modules is represented by them. */
export function decisiveFailures({ problems, plugins }: BackendStartupResult): EngineError[] {
  const decisive = ({ failure }: { failure?: StartupFailure }) =>
    failure?.allowed === false ? [failure.error as EngineError] : [];
  const ofPlugins = plugins.flatMap(plugin => {
    const ofModules = plugin.modules.flatMap(decisive);
    const own = decisive(plugin).filter(({ code }) => code !== 'GR_MODULE_FAILED' || ofModules.length === 0);
    return [...ofModules, ...own];
  });
  return [...(problems as EngineError[]), ...ofPlugins];
}

/** The reason comes first: the reader already knows that the start failed. */
function wordSingle(reason: string): string {
  if (reason.includes('\n')) return `${reason}\nThe backend did not start.`;
  return `${/[.!?]$/.test(reason) ? reason : `${reason}.`} The backend did not start.`;
}

type Told = { readonly problems?: readonly EngineError[]; readonly subject?: string };

/** One text per cause: a faulty service that many plugins need is described once, with the names of all of them. */
function wordReasons(failures: readonly EngineError[]): string[] {
  // An error that only lists others is replaced by these.
  const single = failures.flatMap(error => (error.fields as Told).problems ?? error);
  const alike = new Map(single.map(error => [reasonKey(error), [] as EngineError[]]));
  for (const error of single) alike.get(reasonKey(error))!.push(error);
  return [...alike.values()].map(([first, ...others]) => {
    // The first element of a path is the plugin or module that could not start.
    const names = new Set(others.flatMap(({ path, fields }) => path?.[0] ?? (fields as Told).subject ?? []));
    const kept = names.size > 0 ? `\nThe same keeps back ${[...names].join(', ')}.` : '';
    return first!.message + kept;
  });
}
