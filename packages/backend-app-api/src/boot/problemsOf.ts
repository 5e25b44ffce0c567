// Lists every problem of a plan, with whose it is.
import type { EngineError } from '../errors';
import type { BackendPlan } from './planBackend';

/** Something that is wrong with how a backend is put together, or worth knowing of it. */
export interface BackendProblem {
  /** A `warning` never keeps a backend from starting; an `info` is no problem, but says why something is as it is. */
  severity: 'error' | 'warning' | 'info';
  /** Missing where the problem belongs to no plugin. */
  pluginId?: string;
  moduleId?: string;
  /** Has a stable `code`, and says what to do. */
  error: Error & { code: string };
}

/** In the order backend, plugins, modules, what is skipped, what feature loaders told. */
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
