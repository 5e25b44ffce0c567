// Starts one module: its services, what it receives for its extension points, its init; books the outcome on its entry.
import { addedAt, EngineError, reasonOf } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ExtensionPointPlan, ModulePlan } from './BackendPlan';
import { failureOf, wiringError } from './startFailures';
import type { PluginRun } from './PluginRun';
import type { StartupEntry } from './StartupReport';
import { throwIfOver } from './throwIfOver';

/** Never rejects: a failure is in the entry. */
export async function startModule(module: ModulePlan, entry: StartupEntry, run: PluginRun): Promise<void> {
  const { plugin, scope, context } = run;
  const { registry, report } = context;
  const span = report.begin('module', module.id, plugin.id, run.span);
  entry.span = span;
  try {
    if (module.problems.length > 0) throw wiringError(module.declared.subject, module.problems);
    throwIfOver(run);
    const services = registry.resolveAll(module.services, scope, span);
    const deps = isPromise(services) ? await services : services;
    for (const { name, point } of module.extensionPoints) {
      const extension = makeExtension(point, module, entry, run);
      deps[name] = isPromise(extension) ? await extension : extension;
    }
    throwIfOver(run);
    const init = module.declared.init.func(deps);
    if (isPromise(init)) await init;
    if (!run.over && !entry.failure) entry.status = 'started';
  } catch (error) {
    // A module that is not begun any more, because the backend is to stop, has not failed.
    if (!run.over && !context.signal.aborted)
      bookFailure(module, entry, run, failureOf(module.declared, 'GR_INIT_FAILED', error));
  }
  report.end(span);
}

/** What the module receives for an extension point: made for it alone, so that a failure can be booked on it. */
function makeExtension(
  point: ExtensionPointPlan,
  module: ModulePlan,
  entry: StartupEntry,
  run: PluginRun,
): unknown {
  const reportModuleStartupFailure = ({ error }: { error: Error }) => {
    const fields = { subject: module.declared.subject, id: point.id, reason: reasonOf(error) };
    const failure = new EngineError('GR_MODULE_REPORTED_FAILURE', fields, {
      ...addedAt(module.declared),
      cause: error,
    });
    // The result is final by then, and throwing tells the one who reports too late.
    if (run.over) throw failure;
    bookFailure(module, entry, run, failure);
  };
  try {
    let extension = point.factory({ reportModuleStartupFailure });
    for (const wrap of point.middleware)
      extension = isPromise(extension) ? extension.then(wrap) : wrap(extension);
    return isPromise(extension)
      ? extension.then(undefined, error => throwExtensionFailure(point, module, error))
      : extension;
  } catch (error) {
    return throwExtensionFailure(point, module, error);
  }
}

function throwExtensionFailure({ id }: ExtensionPointPlan, { declared }: ModulePlan, error: unknown): never {
  const fields = { subject: declared.subject, id, reason: reasonOf(error) };
  throw new EngineError('GR_EXTENSION_POINT_FAILED', fields, { ...addedAt(declared), cause: error });
}

/** Books what the plan found wrong with a module. */
export function bookWiringFault(module: ModulePlan, entry: StartupEntry, run: PluginRun): void {
  bookFailure(module, entry, run, wiringError(module.declared.subject, module.problems));
}

/** The first failure stays: later ones are usually its consequences. */
function bookFailure(module: ModulePlan, entry: StartupEntry, run: PluginRun, error: Error): void {
  const { policy } = run.context;
  const { id: pluginId } = run.plugin;
  const allowed = policy.module(pluginId, module.id) !== 'abort' || policy.plugin(pluginId) !== 'abort';
  entry.failure ??= { error, allowed };
  entry.status = 'failed';
}
