// Lists every problem of a plan, with whose it is.
import type { EngineError } from '../errors';
import type { BackendPlan } from './BackendPlan';

/**
 * Something that is wrong with how a backend is put together.
 *
 * @public
 */
export interface BackendProblem {
  /** A `warning` never keeps a backend from starting. */
  severity: 'error' | 'warning';
  /** Missing where the problem belongs to no plugin. */
  pluginId?: string;
  moduleId?: string;
  /** Has a stable `code`, and says what to do. */
  error: Error & { code: string };
}

/** In the order backend, plugins, modules, what is skipped. */
export function problemsOf({ problems, plugins, skipped }: BackendPlan): BackendProblem[] {
  const all: BackendProblem[] = problems.map(asError);
  for (const { id: pluginId, problems: own, modules } of plugins) {
    all.push(...own.map(error => ({ ...asError(error), pluginId })));
    for (const { id: moduleId, problems: ofModule } of modules) {
      all.push(...ofModule.map(error => ({ ...asError(error), pluginId, moduleId })));
    }
  }
  for (const { pluginId, modules } of skipped) {
    for (const { id: moduleId, reason: error } of modules) {
      all.push({ severity: 'warning', pluginId, moduleId, error });
    }
  }
  return all;
}

function asError(error: EngineError): BackendProblem {
  return { severity: 'error', error };
}
