// Starts one module: its services, its extension points, its init. Records the outcome in its entry.
import { addedAt, EngineError, reasonOf } from '../errors';
import { isPromise } from '../graph/isPromise';
import type { ExtensionPointPlan, Part } from './Part';
import { failureOf, wiringError } from './startFailures';
import type { Instances } from '../services/ServiceRegistry';
import type { GroupContext, Next } from './StartContext';

/** Never fails: a failure is recorded in the entry. Calls `next` once, synchronously if nothing has to be awaited. */
export function startModule(module: Part, context: GroupContext, next: Next): void {
  const { pluginId, span, over } = module.plugin;
  // A module that it waited for may have ended after a deadline or an abort.
  if (over) return next(module.plugin, context);
  module.span = context.report.begin('module', module.moduleId!, pluginId, span!);
  try {
    const init = initModule(module, context);
    if (isPromise(init)) {
      // Not an async function: thousands of modules may wait at once, and each would keep all its variables alive.
      Promise.resolve(init).then(
        () => closeModule(module, context, next),
        error => failModule(module, context, next, error),
      );
      return;
    }
  } catch (error) {
    return failModule(module, context, next, error);
  }
  closeModule(module, context, next);
}

function closeModule(module: Part, context: GroupContext, next: Next): void {
  if (!module.plugin.over && !module.failure) module.status = 'started';
  context.report.end(module.span!);
  next(module.plugin, context);
}

function failModule(module: Part, context: GroupContext, next: Next, error: unknown): void {
  // Work that ends too late, because the backend is stopping, does not count as failed.
  if (!module.plugin.over) book(module, failureOf(module, 'GR_INIT_FAILED', error), context);
  closeModule(module, context, next);
}

function initModule(module: Part, context: GroupContext): void | Promise<void> {
  const { services, plugin, problems } = module;
  if (problems.length > 0) throw wiringError(module);
  // Most modules depend on extension points only.
  if (services.length === 0) return initWith({}, module, context, 0);
  const deps = context.registry.resolveAll(services, plugin.scope!, module.span!);
  if (deps instanceof Promise) return deps.then(made => initWith(made, module, context, 0));
  return initWith(deps, module, context, 0);
}

/** Adds the extension points from index `from` on to the services, then runs init. */
function initWith(deps: Instances, module: Part, context: GroupContext, from: number): void | Promise<void> {
  for (let at = from; at < module.uses.length && !module.plugin.over; at++) {
    const { name, point } = module.uses[at]!;
    const extension = makeExtension(point, module, context);
    if (isPromise(extension)) return initAfter(extension, deps, module, context, at);
    deps[name] = extension;
  }
  if (module.plugin.over) return;
  return module.init.func(deps);
}

// Not a closure in the loop, which would make every iteration more expensive even if nothing is awaited.
async function initAfter(
  extension: PromiseLike<unknown>,
  deps: Instances,
  module: Part,
  context: GroupContext,
  at: number,
): Promise<void> {
  const { name, point } = module.uses[at]!;
  try {
    deps[name] = await extension;
  } catch (error) {
    throwExtensionFailure(point, module, error);
  }
  await initWith(deps, module, context, at + 1);
}

/** Makes an extension point for this module alone, so that a failure can be attributed to it. */
function makeExtension(point: ExtensionPointPlan, module: Part, context: GroupContext): unknown {
  const reportModuleStartupFailure = ({ error }: { error: Error }) => {
    const fields = { subject: module.subject, id: point.id, reason: reasonOf(error) };
    const where = { ...addedAt(module), cause: error };
    const failure = new EngineError('GR_MODULE_REPORTED_FAILURE', fields, where);
    // The result is final by then; throwing tells the caller that it is too late.
    if (module.plugin.over) throw failure;
    book(module, failure, context);
  };
  try {
    let extension = point.factory({ reportModuleStartupFailure });
    if (context.middleware.length > 0)
      for (const one of context.middleware) {
        if (one.extensionPointId !== point.id) continue;
        extension = isPromise(extension)
          ? Promise.resolve(extension).then(made => (module.plugin.over ? made : one.middleware(made)))
          : one.middleware(extension);
      }
    return extension;
  } catch (error) {
    return throwExtensionFailure(point, module, error);
  }
}

function throwExtensionFailure({ id }: ExtensionPointPlan, module: Part, error: unknown): never {
  const fields = { subject: module.subject, id, reason: reasonOf(error) };
  throw new EngineError('GR_EXTENSION_POINT_FAILED', fields, { ...addedAt(module), cause: error });
}

function book(module: Part, failure: EngineError, { report, policy }: GroupContext): void {
  report.fail(module, failure, policy.allows(module));
}
