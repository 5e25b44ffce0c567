// Starts one plugin: its eager services, its modules, its init, its startup hooks; gives its entry the outcome, once.
import { EngineError } from '../errors';
import { isPromise } from '../graph/isPromise';
import { runInOrder } from '../graph/DependencyGraph';
import type { SpanId } from '../report/SpanRecorder';
import type { PluginPlan } from './BackendPlan';
import type { PluginRun, StartContext } from './PluginRun';
import { runStartupHooks } from './runStartupHooks';
import { bookWiringFault, startModule } from './startModule';
import { failureOf, wiringError } from './startFailures';
import type { StartupEntry } from './StartupReport';
import { throwIfOver } from './throwIfOver';
import { withDeadline } from './withDeadline';

/** Opens the entry of a plugin, in a scope of its own. */
export function newPluginRun(plugin: PluginPlan, context: StartContext, parent: SpanId): PluginRun {
  const { report, registry } = context;
  const span = report.begin('plugin', plugin.id, plugin.id, parent);
  const entry = report.plugin(plugin.id, plugin.modules);
  entry.span = span;
  return { plugin, scope: registry.scope(plugin.id, report), entry, span, context, over: false };
}

/** Never rejects: the outcome is in the run's entry. */
export async function startPlugin(run: PluginRun): Promise<void> {
  const { plugin, context } = run;
  const timeoutMs = context.policy.timeoutMs(plugin.id);
  try {
    const running = runPlugin(run);
    await (timeoutMs === undefined
      ? running
      : withDeadline(running, timeoutMs, () => timedOut(run, timeoutMs)));
    closePluginRun(run);
  } catch (error) {
    closePluginRun(run, failureOf(plugin.declared, 'GR_INIT_FAILED', error));
  }
}

/** Gives the plugin's entry its outcome, once. */
export function closePluginRun(run: PluginRun, error?: EngineError): void {
  if (run.over) return;
  run.over = true;
  const { plugin, scope, entry, span, context } = run;
  const { report, statuses, announcer } = context;
  report.end(span);
  entry.status = error ? 'failed' : 'started';
  if (error) {
    entry.failure = { error, allowed: isAllowed(run, error) };
    scope.closed = true;
    // Modules that it did not come to any more; what is wrong with them is not to be found out only next time.
    plugin.modules.forEach((module, at) => {
      if (module.problems.length > 0) bookWiringFault(module, entry.modules[at]!, run);
    });
  }
  statuses.set(plugin.id, entry.status, error?.code);
  // A failure that ends the start is told at its end.
  if (!announcer.wantsAll && !entry.failure?.allowed) return;
  const elapsedMs = report.timesOf(span).durationMs;
  announcer.progress({
    kind: entry.status,
    subject: plugin.declared.subject,
    detail: error?.message,
    elapsedMs,
  });
}

async function runPlugin(run: PluginRun): Promise<void> {
  const { plugin, scope, span, context } = run;
  const { plan, registry, report } = context;
  if (plugin.problems.length > 0) throw wiringError(plugin.declared.subject, plugin.problems);
  throwIfOver(run);

  if (plan.eagerPlugin.length > 0) {
    const eager = registry.resolveAll(plan.eagerPlugin, scope, span);
    if (isPromise(eager)) await eager;
  }

  if (plugin.modules.length > 0) {
    const start = (at: number) => startModule(plugin.modules[at]!, run.entry.modules[at]!, run);
    if (plugin.moduleOrder) await runInOrder(plugin.moduleOrder, start);
    else if (plugin.modules.length === 1) await start(0);
    else await Promise.all(plugin.modules.map((_, at) => start(at)));
    throwIfModulesFailed(run);
  }

  throwIfOver(run);
  const services = registry.resolveAll(plugin.services, scope, span);
  const deps = isPromise(services) ? await services : services;
  throwIfOver(run);
  const initSpan = report.begin('init', plugin.id, plugin.id, span);
  try {
    const init = plugin.declared.init.func(deps);
    if (isPromise(init)) await init;
  } finally {
    report.end(initSpan);
  }
  // An extension point may have booked a failure on a module while the init looked at what the modules gave it.
  throwIfModulesFailed(run);
  throwIfOver(run);

  const lifecycle = registry.existing(plan.graph.providers('core.lifecycle')[0], scope);
  if (lifecycle !== undefined) await runStartupHooks(lifecycle, plugin.declared, plugin.id, span, report);
}

/** Modules that failed and without which the plugin is not to start. */
function blockingModules({ plugin, entry, context }: PluginRun): StartupEntry[] {
  return entry.modules.filter(
    ({ id, failure }) => failure && context.policy.module(plugin.id, id) !== 'continue',
  );
}

function throwIfModulesFailed(run: PluginRun): void {
  if (!run.entry.modules.some(hasFailed)) return;
  const failed = blockingModules(run);
  if (failed.length === 0) return;
  const modules = failed.map(({ failure }) => failure!.error.message);
  throw new EngineError('GR_MODULE_FAILED', { subject: run.plugin.declared.subject, modules });
}

function hasFailed({ failure }: StartupEntry): boolean {
  return failure !== undefined;
}

/** A plugin that fails because of its modules alone may be retried where all of those may. */
function isAllowed(run: PluginRun, { code }: EngineError): boolean {
  const { plugin, context } = run;
  if (context.policy.plugin(plugin.id) !== 'abort') return true;
  if (code !== 'GR_MODULE_FAILED') return false;
  return blockingModules(run).every(({ id }) => context.policy.module(plugin.id, id) === 'retry');
}

function timedOut({ plugin, span, context }: PluginRun, timeoutMs: number): EngineError {
  const waitsFor = context.report.openWithin(span);
  return new EngineError('GR_START_TIMEOUT', { subject: plugin.declared.subject, timeoutMs, waitsFor });
}
