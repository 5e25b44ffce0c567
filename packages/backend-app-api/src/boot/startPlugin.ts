// Starts one plugin: eager services, modules, init, startup hooks. Records its outcome, once.
import { EngineError } from '../errors';
import { isPromise } from '../graph/isPromise';
import { runInOrder } from '../graph/DependencyGraph';
import { runStartupHooks } from './lifecycleHooks';
import type { Part } from './Part';
import { failureOf, wiringError } from './startFailures';
import type { Instances } from '../services/ServiceRegistry';
import type { GroupContext, Next } from './StartContext';
import { startModule } from './startModule';

/** Never throws: the outcome is in the plugin's entry. Runs synchronously as far as nothing has to be awaited. */
export function startPlugin(plugin: Part, context: GroupContext): void {
  // A deadline or an abort may have come first.
  if (plugin.over) return;
  const { plan, registry, report } = context;
  plugin.scope = registry.scope(plugin.pluginId, report, plan.graph.slots.ofPlugin);
  take(makeEagerServices, startModules, plugin, context);
}

const initAndRunHooks: Next = (plugin, context) => take(runInit, runHooksAndClose, plugin, context);
const runHooksAndClose: Next = (plugin, context) => take(runHooks, closePlugin, plugin, context);

/**
 * Runs a step and continues with `next`, synchronously unless the step returns a promise. Not an async function:
 * thousands of plugins may wait at once, and each would keep all its variables alive.
 */
function take(
  step: (plugin: Part, context: GroupContext) => unknown,
  next: Next,
  plugin: Part,
  context: GroupContext,
): void {
  if (plugin.over) return;
  try {
    const pending = step(plugin, context);
    if (pending !== undefined && isPromise(pending)) {
      Promise.resolve(pending).then(
        () => next(plugin, context),
        error => failPlugin(plugin, context, error),
      );
      return;
    }
  } catch (error) {
    return failPlugin(plugin, context, error);
  }
  next(plugin, context);
}

function makeEagerServices(plugin: Part, { plan, registry }: GroupContext): unknown {
  if (plugin.problems.length > 0) throw wiringError(plugin);
  if (plan.eagerPlugin.length === 0) return undefined;
  return registry.resolveAll(plan.eagerPlugin, plugin.scope!, plugin.span!);
}

/** In parallel, unless one provides an extension point that another consumes. */
function startModules(plugin: Part, context: GroupContext): void {
  const { modules, moduleOrder } = plugin;
  if (modules.length === 0) return initAndRunHooks(plugin, context);
  if (modules.length === 1) return startModule(modules[0]!, context, initAndRunHooks);
  if (moduleOrder) {
    const start = (at: number) =>
      new Promise<void>(resolve => startModule(modules[at]!, context, () => resolve()));
    void Promise.resolve(runInOrder(moduleOrder, start)).then(() => initAndRunHooks(plugin, context));
    return;
  }
  let open = modules.length;
  const done = () => {
    if (--open === 0) initAndRunHooks(plugin, context);
  };
  for (let at = 0; at < modules.length; at++) startModule(modules[at]!, context, done);
}

function runInit(plugin: Part, context: GroupContext): unknown {
  if (plugin.hasFailedModule) throwIfModulesBlock(plugin, context);
  const services = context.registry.resolveAll(plugin.services, plugin.scope!, plugin.span!);
  return services instanceof Promise
    ? services.then(deps => initWith(deps, plugin, context))
    : initWith(services, plugin, context);
}

function initWith(deps: Instances, plugin: Part, context: GroupContext): unknown {
  if (plugin.over) return undefined;
  plugin.initSpan = context.report.begin('init', plugin.pluginId, plugin.pluginId, plugin.span!);
  return plugin.init.func(deps);
}

function runHooks(plugin: Part, context: GroupContext): unknown {
  const { registry, report } = context;
  report.end(plugin.initSpan!);
  plugin.initSpan = undefined;
  // An extension point may have reported a module's failure while the init used what the module provided.
  if (plugin.hasFailedModule) throwIfModulesBlock(plugin, context);
  const lifecycle = registry.made('core.lifecycle', plugin.scope!);
  if (lifecycle === undefined) return undefined;
  return runStartupHooks(lifecycle, plugin, plugin.pluginId, plugin.span!, report);
}

function failPlugin(plugin: Part, context: GroupContext, error: unknown): void {
  if (plugin.initSpan !== undefined) context.report.end(plugin.initSpan);
  closePlugin(plugin, context, failureOf(plugin, 'GR_INIT_FAILED', error));
}

/** Records the outcome of a plugin, once. */
export function closePlugin(plugin: Part, context: GroupContext, error?: EngineError): void {
  if (plugin.over) return;
  plugin.over = true;
  const { report, registry, announcer } = context;
  report.end(plugin.span!);
  if (error) {
    report.fail(plugin, error, isAllowed(plugin, error, context));
    plugin.scope ??= registry.scope(plugin.pluginId, report);
    plugin.scope.closed = true;
  } else {
    plugin.status = 'started';
    registry.release(plugin.scope!);
    plugin.release();
  }
  context.statuses.closed(plugin);
  // A failure that ends the start is reported at its end.
  if (announcer.wantsAll || plugin.failure?.allowed) {
    const { status: kind, subject } = plugin;
    const elapsedMs = report.timesOf(plugin.span!).durationMs;
    announcer.progress({ kind, subject, detail: error?.message, elapsedMs });
  }
  context.onClosed();
}

/** Failed modules without which the plugin must not start. */
function blockingModules({ modules }: Part, { policy }: GroupContext): Part[] {
  return modules.filter(module => module.failure && policy.onFailure(module) !== 'continue');
}

function throwIfModulesBlock(plugin: Part, context: GroupContext): void {
  const failed = blockingModules(plugin, context);
  if (failed.length === 0) return;
  const modules = failed.map(({ failure }) => failure!.error.message);
  throw new EngineError('GR_MODULE_FAILED', { subject: plugin.subject, pluginId: plugin.pluginId, modules });
}

/** A plugin that fails only because of its modules may be retried if all of these may. */
function isAllowed(plugin: Part, { code }: EngineError, context: GroupContext): boolean {
  const { policy } = context;
  if (policy.allows(plugin)) return true;
  const isRetried = (module: Part) => policy.onFailure(module) === 'retry';
  return code === 'GR_MODULE_FAILED' && blockingModules(plugin, context).every(isRetried);
}
