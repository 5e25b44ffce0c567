// Retries a failed plugin: calls register again, in a new scope, with growing pauses, until it is up.
import { EngineError } from '../errors';
import { endOf } from './endOf';
import { Part } from './Part';
import { planParts } from './planBackend';
import { readRegistrations } from './readRegistrations';
import type { StartContext } from './StartContext';
import { startAll } from './startPlugins';
import { StartupReport } from './StartupReport';
import { runShutdownHooks } from './stopBackend';
import { watchSteps } from './watchSteps';

/** Runs in the background until the plugin is up or the backend stops; does nothing if it is not to be retried. */
export async function retryPlugin(first: Part, context: StartContext): Promise<void> {
  const { policy, signal, statuses } = context;
  const { initialDelayMs, maxDelayMs } = policy.retry;
  let plugin = first;
  for (let pause = initialDelayMs; isRetried(plugin, context); pause = Math.min(pause * 2, maxDelayMs)) {
    statuses.retrying(plugin.pluginId, true);
    const end = await endOf(new Promise(() => {}), { signal, ms: pause, holds: true });
    if (end === 'aborted') return;
    plugin = await tryAgain(plugin, context);
  }
  statuses.retrying(plugin.pluginId, false);
}

async function tryAgain(failed: Part, context: StartContext): Promise<Part> {
  const { registry, signal, limits } = context;
  const scope = failed.scope!;
  // First closes what the failed attempt had opened, so that the next one finds the same conditions.
  const lifecycle = registry.made('core.lifecycle', scope);
  const closed = runShutdownHooks(lifecycle, failed.pluginId, 'shutdown', () => limits.hookMs, []);
  await registry.forget(scope, closed);
  if (signal.aborted) return failed;
  // Root services that failed are made again: the cause may have passed.
  registry.root.failures = undefined;

  const attempt = { ...context, report: new StartupReport() };
  const plugin = planAnew(failed, context);
  const stopWatching = watchSteps(attempt, () => [plugin]);
  await startAll([plugin], attempt, attempt.report.whole);
  stopWatching();
  return plugin;
}

/** Registers the plugin and its modules again, because their closures may hold remains of the failed attempt. */
function planAnew(former: Part, { plan }: StartContext): Part {
  const { pluginId, feature, source } = former;
  // One feature may hold several parts.
  const origins = new Map([former, ...former.modules].map(part => [part.feature!, part.source]));
  const features = [...origins].map(([one, origin]) => ({ feature: one, source: origin }));
  const problems: EngineError[] = [];
  const { parts } = readRegistrations(features, problems);
  const own = parts.filter(part => part.pluginId === pluginId);
  const [plugin] = planParts(own, plan.graph, plan.eagerPlugin).plugins;
  if (plugin) return plugin;
  // A feature may fail before it reveals its plugin; it still belongs to this one.
  const reason = 'it does not declare the plugin any more';
  const fields = { subject: former.subject, source: String(source), reason };
  const [failure = new EngineError('GR_REGISTER_FAILED', fields)] = problems;
  const failed = new Part(pluginId, undefined, { feature: feature!, source });
  failed.addProblem(failure);
  failed.modules = former.modules;
  return failed;
}

/** Faulty wiring stays faulty however often it is tried; anything else may pass. */
function isRetried(plugin: Part, { policy, signal }: StartContext): boolean {
  if (!plugin.failure?.allowed || signal.aborted || isWiredWrongly(plugin)) return false;
  if (policy.onFailure(plugin) === 'retry') return true;
  return plugin.modules.some(
    module => module.failure && policy.onFailure(module) === 'retry' && !isWiredWrongly(module),
  );
}

function isWiredWrongly({ problems }: Part): boolean {
  return problems.some(({ code }) => code !== 'GR_REGISTER_FAILED');
}
