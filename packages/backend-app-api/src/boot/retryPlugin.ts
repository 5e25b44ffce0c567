// Tries a plugin again that failed and may be retried: from its register callback, in a new scope, with growing pauses, until it is up.
import type { ServiceNode } from '../services/serviceGraph';
import type { PluginPlan } from './BackendPlan';
import { abortError, endsFirst } from './orAborted';
import { planPlugin } from './planBackend';
import type { PluginRun, StartContext } from './PluginRun';
import { readRegistrations, Registered } from './readRegistrations';
import { runShutdownHooks } from './stopBackend';
import type { ShutdownLimits } from './shutdownLimits';
import { closePluginRun, newPluginRun, startPlugin } from './startPlugin';
import type { StartSignal } from './StartSignal';
import { StartupReport } from './StartupReport';
import { watchLongSteps } from './watchLongSteps';
import { LONGEST_TIMER } from './withDeadline';

/** Goes on in the background until the plugin is up or the backend is stopped; does nothing for a plugin that is not to be retried. */
export function retryPlugin(run: PluginRun, limits: ShutdownLimits): void {
  if (!isRetried(run)) return;
  const { initialDelayMs, maxDelayMs } = run.context.policy.retry;
  void keepTrying(run, limits, initialDelayMs, maxDelayMs);
}

async function keepTrying(
  first: PluginRun,
  limits: ShutdownLimits,
  delayMs: number,
  maxDelayMs: number,
): Promise<void> {
  const { signal } = first.context;
  let run = first;
  for (let pause = delayMs; isRetried(run); pause = Math.min(pause * 2, maxDelayMs)) {
    if (!(await slept(pause, signal))) return;
    run = await tryAgain(run, limits);
  }
}

async function tryAgain(failed: PluginRun, limits: ShutdownLimits): Promise<PluginRun> {
  const { plugin, scope, context } = failed;
  const { registry, plan, signal, announcer } = context;
  // What the failed attempt had opened is closed first, so that the next one finds the same as it did.
  const lifecycle = registry.existing(plan.graph.providers('core.lifecycle')[0], scope);
  const closed = runShutdownHooks(lifecycle, plugin.id, 'shutdown', () => limits.hookMs, []);
  await registry.forget(scope, closed);
  if (signal.aborted) return failed;
  registry.forgetRootFailures();

  const report = new StartupReport();
  const run = newPluginRun(planAnew(plugin, context), { ...context, report }, report.whole);
  const { subject } = plugin.declared;
  const stopWatching = watchLongSteps(report, announcer, () => [{ subject, span: run.span }]);
  if (!(await endsFirst(startPlugin(run), signal))) closePluginRun(run, abortError(subject));
  stopWatching();
  return run;
}

/** Registers the plugin and its modules again: their closures may hold what the failed attempt left behind. */
function planAnew(former: PluginPlan, { plan, middleware }: StartContext): PluginPlan {
  const { id, declared, modules } = former;
  const origins = new Set([declared, ...modules.map(module => module.declared)].map(({ origin }) => origin));
  const { registered, problems } = readRegistrations([...origins]);
  const own = registered.filter(({ pluginId }) => pluginId === id);
  const group = {
    plugins: own.filter(({ moduleId }) => moduleId === undefined),
    modules: own.filter(({ moduleId }) => moduleId !== undefined),
  };
  const [failure] = problems;
  // A feature may fail before it says whose it is; then it still is this plugin's.
  if (failure && group.plugins.length === 0) {
    const { origin, extensionPoints, init } = declared;
    const failed = new Registered(id, undefined, origin, extensionPoints, init, failure);
    return { ...former, declared: failed, problems: [failure] };
  }
  const { graph, eagerPlugin } = plan;
  return planPlugin(id, group, eagerPlugin, {
    graph,
    middleware,
    index: { registered },
    reached: new Set<ServiceNode>(),
  });
}

/** What is wired wrongly stays wrong however often it is tried; everything else may pass. */
function isRetried({ plugin, entry, context }: PluginRun): boolean {
  if (!entry.failure?.allowed || context.signal.aborted) return false;
  const wiredWrongly = ({ problems, declared }: Pick<PluginPlan, 'problems' | 'declared'>) =>
    problems.some(problem => problem !== declared.failure);
  if (wiredWrongly(plugin)) return false;
  if (context.policy.plugin(plugin.id) === 'retry') return true;
  return plugin.modules.some(
    (module, at) =>
      entry.modules[at]!.failure &&
      context.policy.module(plugin.id, module.id) === 'retry' &&
      !wiredWrongly(module),
  );
}

/** False if the signal was aborted meanwhile. */
function slept(ms: number, signal: StartSignal): Promise<boolean> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve(false);
    const onAbort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(
      () => {
        stopListening();
        resolve(true);
      },
      Math.min(ms, LONGEST_TIMER),
    );
    const stopListening = signal.onAbort(onAbort);
  });
}
