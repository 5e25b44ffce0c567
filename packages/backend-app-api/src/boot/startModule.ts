// Starts one module: its services, what it receives for its extension points, its init; books the outcome on its entry.
import { addedAt, EngineError, reasonOf } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ExtensionPointPlan, Part } from './Part';
import { failureOf, throwIfOver, wiringError } from './startFailures';
import type { Instances } from '../services/ServiceRegistry';
import type { GroupContext } from './StartContext';

/** Never fails: a failure is in the entry. Gives a promise only where the module is not done at once. */
export function startModule(module: Part, plugin: Part, context: GroupContext): void | Promise<void> {
  const { report } = context;
  module.span = report.begin('module', module.id, plugin.pluginId, plugin.span!);
  try {
    const init = initModule(module, plugin, context);
    // Not an async function: thousands of modules may wait at the same time, and each of those keeps its variables.
    if (isPromise(init)) {
      return Promise.resolve(init).then(
        () => closeModule(module, plugin, context),
        error => closeFailedModule(module, plugin, context, error),
      );
    }
    closeModule(module, plugin, context);
  } catch (error) {
    closeFailedModule(module, plugin, context, error);
  }
}

function closeModule(module: Part, plugin: Part, { report }: GroupContext): void {
  if (!plugin.over && !module.failure) module.status = 'started';
  report.end(module.span!);
}

function closeFailedModule(module: Part, plugin: Part, context: GroupContext, error: unknown): void {
  // A module that is not begun any more, because the backend is to stop, has not failed.
  if (!plugin.over && !context.signal.aborted)
    bookFailure(module, plugin, context, failureOf(module, 'GR_INIT_FAILED', error));
  context.report.end(module.span!);
}

function initModule(module: Part, plugin: Part, context: GroupContext): void | Promise<void> {
  if (module.problems.length > 0) throw wiringError(module);
  throwIfOver(plugin, context);
  const deps = context.registry.resolveAll(module.services, plugin.scope!, module.span!);
  return isPromise(deps)
    ? deps.then(made => extendAndInit(made, module, plugin, context))
    : extendAndInit(deps, module, plugin, context);
}

/** Adds to the services what the module receives for its extension points, from the one at `from` on, and runs its init. */
function extendAndInit(
  deps: Instances,
  module: Part,
  plugin: Part,
  context: GroupContext,
  from = 0,
): void | Promise<void> {
  for (let at = from; at < module.uses.length; at++) {
    const { name, point } = module.uses[at]!;
    const extension = makeExtension(point, module, plugin, context);
    if (isPromise(extension)) return extendLater(extension, deps, module, plugin, context, at);
    deps[name] = extension;
  }
  throwIfOver(plugin, context);
  return module.init.func(deps);
}

async function extendLater(
  extension: Promise<unknown>,
  deps: Instances,
  module: Part,
  plugin: Part,
  context: GroupContext,
  at: number,
): Promise<void> {
  deps[module.uses[at]!.name] = await extension;
  await extendAndInit(deps, module, plugin, context, at + 1);
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
