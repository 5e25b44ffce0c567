// Lists every problem of a plan with its owner.
import type { EngineError } from '../errors';
import type { BackendPlan } from './planBackend';

/** Something wrong with the composition of a backend, or worth knowing about it. */
export interface BackendProblem {
  /** A `warning` never prevents a start; an `info` is no problem, but explains why something is the way it is. */
  severity: 'error' | 'warning' | 'info';
  /** Undefined if the problem belongs to no plugin. */
  pluginId?: string;
  moduleId?: string;
  /** Has a stable `code`, and says what to do. */
  error: Error & { code: string };
}

/** In the order backend, plugins, modules, skipped modules, remarks of feature loaders. */
export function problemsOf({ problems, plugins, skipped, notes }: BackendPlan): BackendProblem[] {
  const errors = (list: readonly EngineError[], owner?: { pluginId: string; moduleId?: string }) =>
    list.map((error): BackendProblem => ({ severity: 'error', ...owner, error }));
  return [
    ...errors(problems),
    ...plugins.flatMap(({ pluginId, problems: own, modules }) => [
      ...errors(own, { pluginId }),
      ...modules.flatMap(module => errors(module.problems, { pluginId, moduleId: module.id })),
    ]),
    ...skipped.flatMap(({ id: pluginId, modules }) =>
      modules.map(({ id: moduleId, failure }): BackendProblem => {
        return { severity: 'warning', pluginId, moduleId, error: failure!.error as EngineError };
      }),
    ),
    ...notes.map((error): BackendProblem => ({ severity: 'info', error })),
  ];
}
