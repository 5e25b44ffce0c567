// Starts one plugin: its eager services, its modules, its init, its startup hooks; gives its entry the outcome, once.
import { EngineError } from '../errors';
import { isPromise } from '../graph/isPromise';
import { runInOrder } from '../graph/DependencyGraph';
import { runStartupHooks } from './lifecycleHooks';
import type { Part } from './Part';
import { failureOf, throwIfOver, wiringError } from './startFailures';
import type { Instances } from '../services/ServiceRegistry';
import type { GroupContext } from './StartContext';
import { startModule } from './startModule';

/** What a plugin goes through, in this order. A step gives a promise only where it has to be waited for. */
const steps = [makeEagerServices, startModules, runInit, runHooks];

/** Never throws: the outcome is in the plugin's entry. Everything that need not be awaited happens in the call itself. */
export function startPlugin(plugin: Part, context: GroupContext): void {
  // A deadline or an abort may have come before its turn.
  if (plugin.over) return;
  plugin.scope = context.registry.scope(plugin.pluginId, context.report, context.plan.graph.slots.ofPlugin);
  takeSteps(plugin, context, 0);
}

// Not an async function: thousands of plugins may wait at the same time, and each of those keeps all its variables.
function takeSteps(plugin: Part, context: GroupContext, from: number): void {
  try {
    for (let at = from; at < steps.length; at++) {
      throwIfOver(plugin, context);
      const pending = steps[at]!(plugin, context);
      if (isPromise(pending)) return takeStepsAfter(pending, plugin, context, at + 1);
    }
    throwIfOver(plugin, context);
    closePlugin(plugin, context);
  } catch (error) {
    failPlugin(plugin, context, error);
  }
}

function takeStepsAfter(pending: Promise<unknown>, plugin: Part, context: GroupContext, next: number): void {
  Promise.resolve(pending).then(
    () => takeSteps(plugin, context, next),
    error => failPlugin(plugin, context, error),
  );
}

function makeEagerServices(plugin: Part, { plan, registry }: GroupContext): unknown {
  if (plugin.problems.length > 0) throw wiringError(plugin);
  if (plan.eagerPlugin.length === 0) return undefined;
  return registry.resolveAll(plan.eagerPlugin, plugin.scope!, plugin.span!);
}

/** All at the same time, unless one provides an extension point that another one consumes. */
function startModules(plugin: Part, context: GroupContext): void | Promise<void> {
  const { modules, moduleOrder } = plugin;
  if (modules.length === 0) return undefined;
  if (modules.length === 1) return startModule(modules[0]!, context);
  if (moduleOrder) return runInOrder(moduleOrder, at => startModule(modules[at]!, context));
  return new Promise(resolve => {
    let open = modules.length;
    const onDone = () => {
      if (--open === 0) resolve();
    };
    for (let at = 0; at < modules.length; at++) {
      const starting = startModule(modules[at]!, context);
      if (starting) void starting.then(onDone);
      else onDone();
    }
  });
}

function runInit(plugin: Part, context: GroupContext): unknown {
  throwIfModulesFailed(plugin, context);
  const services = context.registry.resolveAll(plugin.services, plugin.scope!, plugin.span!);
  return isPromise(services)
    ? services.then(deps => initWith(deps, plugin, context))
    : initWith(services, plugin, context);
}

function initWith(deps: Instances, plugin: Part, context: GroupContext): unknown {
  throwIfOver(plugin, context);
  plugin.initSpan = context.report.begin('init', plugin.pluginId, plugin.pluginId, plugin.span!);
  return plugin.init.func(deps);
}

function runHooks(plugin: Part, context: GroupContext): unknown {
  const { registry, report } = context;
  report.end(plugin.initSpan!);
  plugin.initSpan = undefined;
  // An extension point may have booked a failure on a module while the init looked at what the modules gave it.
  throwIfModulesFailed(plugin, context);
  const lifecycle = registry.made('core.lifecycle', plugin.scope!);
  if (lifecycle === undefined) return undefined;
  return runStartupHooks(lifecycle, plugin, plugin.pluginId, plugin.span!, report);
}

function failPlugin(plugin: Part, context: GroupContext, error: unknown): void {
  if (plugin.initSpan !== undefined) context.report.end(plugin.initSpan);
  closePlugin(plugin, context, failureOf(plugin, 'GR_INIT_FAILED', error));
}

/** Gives the plugin's entry its outcome, once. */
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
  // A failure that ends the start is told at its end.
  if (announcer.wantsAll || plugin.failure?.allowed) {
    const { status: kind, subject } = plugin;
    const elapsedMs = report.timesOf(plugin.span!).durationMs;
    announcer.progress({ kind, subject, detail: error?.message, elapsedMs });
  }
  context.onClosed();
}

/** Modules that failed and without which the plugin is not to start. */
function blockingModules({ pluginId, modules }: Part, { policy }: GroupContext): Part[] {
  return modules.filter(({ id, failure }) => failure && policy.module(pluginId, id) !== 'continue');
}

function throwIfModulesFailed(plugin: Part, context: GroupContext): void {
  if (!hasFailedModule(plugin)) return;
  const failed = blockingModules(plugin, context);
  if (failed.length === 0) return;
  const modules = failed.map(({ failure }) => failure!.error.message);
  throw new EngineError('GR_MODULE_FAILED', { subject: plugin.subject, modules });
}

function hasFailedModule({ modules }: Part): boolean {
  for (let at = 0; at < modules.length; at++) if (modules[at]!.failure) return true;
  return false;
}

/** A plugin that fails because of its modules alone may be retried where all of those may. */
function isAllowed(plugin: Part, { code }: EngineError, context: GroupContext): boolean {
  const { policy } = context;
  if (policy.allowsPlugin(plugin.pluginId)) return true;
  if (code !== 'GR_MODULE_FAILED') return false;
  return blockingModules(plugin, context).every(({ id }) => policy.module(plugin.pluginId, id) === 'retry');
}
