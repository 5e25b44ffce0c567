// Starts one plugin: its eager services, its modules, its init, its startup hooks; gives its entry the outcome, once.
import { EngineError } from '../errors';
import { isPromise } from '../graph/isPromise';
import { runInOrder } from '../graph/DependencyGraph';
import { runStartupHooks } from './lifecycleHooks';
import type { Part } from './Part';
import { failureOf, throwIfOver, wiringError } from './startFailures';
import type { GroupContext } from './StartContext';
import { startModule } from './startModule';

/** Never rejects: the outcome is in the plugin's entry. Everything that need not be awaited happens in the call itself. */
export async function startPlugin(plugin: Part, context: GroupContext): Promise<void> {
  const { plan, registry, report } = context;
  const { pluginId } = plugin;
  const span = plugin.span!;
  const scope = plugin.scope!;
  try {
    if (plugin.problems.length > 0) throw wiringError(plugin);
    throwIfOver(plugin, context);
    if (plan.eagerPlugin.length > 0) {
      const eager = registry.resolveAll(plan.eagerPlugin, scope, span);
      if (isPromise(eager)) await eager;
    }
    if (plugin.modules.length > 0) {
      if (plugin.modules.length === 1) await startModule(plugin.modules[0]!, plugin, context);
      else await startModules(plugin, context);
      throwIfModulesFailed(plugin, context);
    }
    throwIfOver(plugin, context);
    const services = registry.resolveAll(plugin.services, scope, span);
    const deps = isPromise(services) ? await services : services;
    throwIfOver(plugin, context);
    const initSpan = report.begin('init', pluginId, pluginId, span);
    try {
      const init = plugin.init.func(deps);
      if (isPromise(init)) await init;
    } finally {
      report.end(initSpan);
    }
    // An extension point may have booked a failure on a module while the init looked at what the modules gave it.
    throwIfModulesFailed(plugin, context);
    throwIfOver(plugin, context);
    const lifecycle = registry.made('core.lifecycle', scope);
    if (lifecycle !== undefined) await runStartupHooks(lifecycle, plugin, pluginId, span, report);
    closePlugin(plugin, context);
  } catch (error) {
    closePlugin(plugin, context, failureOf(plugin, 'GR_INIT_FAILED', error));
  }
}

/** Gives the plugin's entry its outcome, once. */
export function closePlugin(plugin: Part, context: GroupContext, error?: EngineError): void {
  if (plugin.over) return;
  plugin.over = true;
  const { report, statuses, announcer } = context;
  const { pluginId, scope } = plugin;
  const span = plugin.span!;
  report.end(span);
  if (error) {
    report.fail(plugin, error, isAllowed(plugin, error, context));
    scope!.closed = true;
  } else plugin.status = 'started';
  statuses.set(pluginId, error ? 'failed' : 'started', error?.code);
  // A failure that ends the start is told at its end.
  if (announcer.wantsAll || plugin.failure?.allowed) {
    const { status: kind, subject } = plugin;
    const elapsedMs = report.timesOf(span).durationMs;
    announcer.progress({ kind, subject, detail: error?.message, elapsedMs });
  }
  context.onClosed();
  if (error) return;
  plugin.release();
  context.registry.release(scope!);
}

function startModules(plugin: Part, context: GroupContext): void | Promise<void> {
  const { modules, moduleOrder } = plugin;
  if (moduleOrder) return runInOrder(moduleOrder, at => startModule(modules[at]!, plugin, context));
  return new Promise(resolve => {
    let open = modules.length;
    const onDone = () => {
      if (--open === 0) resolve();
    };
    for (const module of modules) void startModule(module, plugin, context).then(onDone);
  });
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
