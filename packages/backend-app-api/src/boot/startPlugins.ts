// Step 5, plugins: starts all plugins at the same time, and gives modules without a plugin their entries.
import type { Announcer } from './Announcer';
import type { BackendPlan } from './BackendPlan';
import { abortError, endsFirst } from './orAborted';
import type { PluginRun, StartContext } from './PluginRun';
import { closePluginRun, newPluginRun, startPlugin } from './startPlugin';
import type { StartupReport } from './StartupReport';
import { watchLongSteps } from './watchLongSteps';

/** Never rejects: every failure is in the report. Ends early, with every plugin closed, when the start is aborted. */
export async function startPlugins(context: StartContext): Promise<PluginRun[]> {
  const { plan, report, statuses, announcer, signal } = context;
  const span = report.begin('plugins', 'plugins', 'root', report.whole);
  // All of them first, because a plugin may ask for the state of one that comes later.
  for (const { id } of plan.plugins) statuses.set(id, 'starting');
  const runs = plan.plugins.map(plugin => newPluginRun(plugin, context, span));
  const openRuns = () =>
    runs.flatMap(run => (run.over ? [] : [{ subject: run.plugin.declared.subject, span: run.span }]));
  const stopWatching = watchLongSteps(report, announcer, openRuns);
  const starting = startInGroups(runs);

  if (!(await endsFirst(starting, signal))) {
    for (const run of runs.filter(({ over }) => !over)) {
      const { subject } = run.plugin.declared;
      const waitsFor = () => report.openWithin(run.span);
      closePluginRun(run, abortError(subject, signal.reason, waitsFor));
    }
  }
  stopWatching();
  reportSkippedModules(plan, report, announcer);
  report.end(span);
  return runs;
}

/** So many plugins begin in one turn of the event loop. */
const GROUP = 100;

/** All at the same time; but of thousands, those that wait for nothing are done, and their garbage gone, before the next ones begin. */
async function startInGroups(runs: readonly PluginRun[]): Promise<void> {
  const starting: Promise<void>[] = [];
  for (const [at, run] of runs.entries()) {
    if (at > 0 && at % GROUP === 0) await new Promise(setImmediate);
    starting.push(startPlugin(run));
  }
  await Promise.all(starting);
}

/** Gives modules whose plugin is not installed their entries. */
export function reportSkippedModules(plan: BackendPlan, report: StartupReport, announcer?: Announcer): void {
  for (const { pluginId, modules } of plan.skipped) {
    const entry = report.plugin(pluginId, modules);
    modules.forEach(({ subject, reason }, at) => {
      entry.modules[at]!.failure = { error: reason, allowed: true };
      announcer?.progress({ kind: 'skipped', subject, detail: reason.message, elapsedMs: 0 });
    });
  }
}
