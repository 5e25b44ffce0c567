// Step 5, plugins: starts all plugins at the same time, each from its eager services to its startup hooks, and closes one entry for each.
import { EngineError } from '../errors';
import { isPromise } from '../graph/isPromise';
import { runInOrder } from '../graph/DependencyGraph';
import type { StartupReporterService } from '../services/engineServices';
import type { BackendPlan, PluginPlan } from './BackendPlan';
import { lifecycleHooksOf } from './lifecycleHooksOf';
import { abortError, endsFirst, type AbortReason } from './orAborted';
import type { PluginRun, StartContext } from './PluginRun';
import { startModule } from './startModule';
import { failureOf, wiringError } from './startFailures';
import type { StartupReport } from './StartupReport';
import type { SpanId } from '../report/SpanRecorder';
import { withDeadline } from './withDeadline';

/** Never rejects: every failure is in the report. Ends early, with every plugin closed, when the start is aborted. */
export async function startPlugins(context: StartContext): Promise<void> {
  const { plan, report, statuses, signal } = context;
  const span = report.begin('plugins', 'plugins', 'root', report.whole);
  // All of them first, because a plugin may ask for the state of one that comes later.
  for (const { id } of plan.plugins) statuses.set(id, 'starting');
  const runs = plan.plugins.map(plugin => newRun(plugin, context, span));
  const starting = Promise.all(runs.map(startPlugin)).then(() => {});

  if (!(await endsFirst(starting, signal))) {
    for (const run of runs.filter(({ over }) => !over)) {
      const { subject } = run.plugin;
      closeRun(run, abortError(subject, signal.reason as AbortReason, report.openWithin(run.span)));
    }
  }
  reportSkippedModules(plan, report, context.reporter);
  report.end(span);
}

/** Gives modules whose plugin is not installed their entries. */
export function reportSkippedModules(
  plan: BackendPlan,
  report: StartupReport,
  reporter?: StartupReporterService,
): void {
  for (const { pluginId, modules } of plan.skipped) {
    const entry = report.plugin(pluginId, modules);
    modules.forEach(({ subject, reason }, at) => {
      entry.modules[at]!.failure = { error: reason, allowed: true };
      reporter?.progress({ kind: 'skipped', subject, detail: reason.message, elapsedMs: 0 });
    });
  }
}

function newRun(plugin: PluginPlan, context: StartContext, parent: SpanId): PluginRun {
  const { report, registry } = context;
  const span = report.begin('plugin', plugin.id, plugin.id, parent);
  const entry = report.plugin(plugin.id, plugin.modules);
  entry.span = span;
  return { plugin, scope: registry.scope(plugin.id), entry, span, context, over: false };
}

async function startPlugin(run: PluginRun): Promise<void> {
  const { plugin, context } = run;
  const timeoutMs = context.policy.timeoutMs(plugin.id);
  try {
    const running = runPlugin(run);
    await (timeoutMs === undefined
      ? running
      : withDeadline(running, timeoutMs, () => timedOut(run, timeoutMs)));
    closeRun(run);
  } catch (error) {
    closeRun(run, failureOf(plugin.subject, 'GR_INIT_FAILED', error));
  }
}

/** Gives the plugin's entry its outcome, once. */
function closeRun(run: PluginRun, error?: EngineError): void {
  if (run.over) return;
  run.over = true;
  const { plugin, entry, span, context } = run;
  const { report, policy, statuses, reporter } = context;
  report.end(span);
  entry.status = error ? 'failed' : 'started';
  if (error) entry.failure = { error, allowed: policy.plugin(plugin.id) !== 'abort' };
  statuses.set(plugin.id, entry.status, error?.code);
  if (!reporter) return;
  const elapsedMs = report.timesOf(span).durationMs;
  reporter.progress({ kind: entry.status, subject: plugin.subject, detail: error?.message, elapsedMs });
}

async function runPlugin(run: PluginRun): Promise<void> {
  const { plugin, scope, span, context } = run;
  const { plan, registry, report } = context;
  if (plugin.problems.length > 0) throw wiringError(plugin.subject, plugin.problems);
  throwIfAborted(run);

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

  throwIfAborted(run);
  const services = registry.resolveAll(plugin.services, scope, span);
  const deps = isPromise(services) ? await services : services;
  const initSpan = report.begin('init', plugin.id, plugin.id, span);
  try {
    const init = plugin.declared.init.func(deps);
    if (isPromise(init)) await init;
  } finally {
    report.end(initSpan);
  }
  // An extension point may have booked a failure on a module while the init looked at what the modules gave it.
  throwIfModulesFailed(run);

  const lifecycle = registry.existing(plan.graph.providers('core.lifecycle')[0], scope);
  if (lifecycle !== undefined) await runStartupHooks(lifecycle, plugin.subject, plugin.id, span, report);
}

/** Runs the startup hooks of a lifecycle service at the same time; rejects with the first failure once all are done. */
export async function runStartupHooks(
  lifecycle: unknown,
  subject: string,
  owner: string,
  parent: SpanId,
  report: StartupReport,
): Promise<void> {
  const hooks = lifecycleHooksOf(lifecycle, 'startup');
  const results = await Promise.allSettled(
    hooks.map(async (hook, at) => {
      const span = report.begin('hook', `startup hook ${at + 1}`, owner, parent);
      try {
        await hook.run();
      } finally {
        report.end(span);
      }
    }),
  );
  const failed = results.find(result => result.status === 'rejected');
  if (failed) throw failureOf(subject, 'GR_STARTUP_HOOK_FAILED', failed.reason);
}

/** A module whose failure is not allowed keeps its plugin from starting. */
function throwIfModulesFailed({ plugin, entry, context }: PluginRun): void {
  const failed = entry.modules.filter(
    ({ id, failure }) => failure && context.policy.module(plugin.id, id) === 'abort',
  );
  if (failed.length === 0) return;
  const modules = failed.map(({ failure }) => failure!.error.message);
  throw new EngineError('GR_MODULE_FAILED', { subject: plugin.subject, modules });
}

function throwIfAborted({ plugin, context }: PluginRun): void {
  const { signal } = context;
  if (signal.aborted) throw abortError(plugin.subject, signal.reason as AbortReason, []);
}

function timedOut({ plugin, span, context }: PluginRun, timeoutMs: number): EngineError {
  const waitsFor = context.report.openWithin(span);
  return new EngineError('GR_START_TIMEOUT', { subject: plugin.subject, timeoutMs, waitsFor });
}
