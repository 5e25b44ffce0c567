// Starts one module: its services, what it receives for its extension points, its init; books the outcome on its entry.
import { addedAt, EngineError, reasonOf } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ExtensionPointPlan, Part } from './Part';
import { failureOf, throwIfOver, wiringError } from './startFailures';
import type { GroupContext } from './StartContext';

/** Never rejects: a failure is in the entry. */
export async function startModule(module: Part, plugin: Part, context: GroupContext): Promise<void> {
  const { registry, report } = context;
  const span = report.begin('module', module.id, plugin.pluginId, plugin.span!);
  module.span = span;
  try {
    if (module.problems.length > 0) throw wiringError(module);
    throwIfOver(plugin, context);
    const services = registry.resolveAll(module.services, plugin.scope!, span);
    const deps = isPromise(services) ? await services : services;
    for (let at = 0; at < module.uses.length; at++) {
      const { name, point } = module.uses[at]!;
      const extension = makeExtension(point, module, plugin, context);
      deps[name] = isPromise(extension) ? await extension : extension;
    }
    throwIfOver(plugin, context);
    const init = module.init.func(deps);
    if (isPromise(init)) await init;
    if (!plugin.over && !module.failure) module.status = 'started';
  } catch (error) {
    // A module that is not begun any more, because the backend is to stop, has not failed.
    if (!plugin.over && !context.signal.aborted)
      bookFailure(module, plugin, context, failureOf(module, 'GR_INIT_FAILED', error));
  }
  report.end(span);
}

/** What the module receives for an extension point: made for it alone, so that a failure can be booked on it. */
function makeExtension(
  point: ExtensionPointPlan,
  module: Part,
  plugin: Part,
  context: GroupContext,
): unknown {
  const reportModuleStartupFailure = ({ error }: { error: Error }) => {
    const fields = { subject: module.subject, id: point.id, reason: reasonOf(error) };
    const where = { ...addedAt(module), cause: error };
    const failure = new EngineError('GR_MODULE_REPORTED_FAILURE', fields, where);
    // The result is final by then, and throwing tells the one who reports too late.
    if (plugin.over) throw failure;
    bookFailure(module, plugin, context, failure);
  };
  try {
    let extension = point.factory({ reportModuleStartupFailure });
    if (context.middleware.length > 0)
      for (const one of context.middleware) {
        if (one.extensionPoint.id !== point.id) continue;
        extension = isPromise(extension)
          ? extension.then(made => one.middleware(made))
          : one.middleware(extension);
      }
    return isPromise(extension)
      ? extension.then(undefined, error => throwExtensionFailure(point, module, error))
      : extension;
  } catch (error) {
    return throwExtensionFailure(point, module, error);
  }
}

function throwExtensionFailure({ id }: ExtensionPointPlan, module: Part, error: unknown): never {
  const fields = { subject: module.subject, id, reason: reasonOf(error) };
  throw new EngineError('GR_EXTENSION_POINT_FAILED', fields, { ...addedAt(module), cause: error });
}

function bookFailure(module: Part, { pluginId }: Part, context: GroupContext, error: Error): void {
  context.report.fail(module, error, context.policy.allowsModule(pluginId, module.id));
}
