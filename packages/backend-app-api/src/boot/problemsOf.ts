// Lists every problem of a plan, with whose it is.
import type { EngineError } from '../errors';
import type { BackendPlan } from './planBackend';

/**
 * Something that is wrong with how a backend is put together, or worth knowing of it.
 *
 * @public
 */
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
  const all: BackendProblem[] = problems.map(asError);
  for (const { id: pluginId, problems: own, modules } of plugins) {
    all.push(...own.map(error => ({ ...asError(error), pluginId })));
    for (const { id: moduleId, problems: ofModule } of modules) {
      all.push(...ofModule.map(error => ({ ...asError(error), pluginId, moduleId })));
    }
  }
  for (const { id: pluginId, modules } of skipped) {
    for (const { id: moduleId, failure } of modules) {
      all.push({ severity: 'warning', pluginId, moduleId, error: failure!.error as EngineError });
    }
  }
  for (const error of notes) all.push({ severity: 'info', error });
  return all;
}

function asError(error: EngineError): BackendProblem {
  return { severity: 'error', error };
}
