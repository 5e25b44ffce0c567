// Step 5, plugins: starts them in parallel, each with its deadline, and closes those that an abort leaves open.
import { EngineError } from '../errors';
import type { SpanId } from '../report/SpanRecorder';
import { LONGEST_TIMER } from './endOf';
import { none, type Part } from './Part';
import type { GroupContext, StartContext } from './StartContext';
import { abortError } from './startFailures';
import { closePlugin, startPlugin } from './startPlugin';

/** Starts all plugins of the plan. Never rejects: every failure is in the report. */
export async function startPlugins(context: StartContext): Promise<void> {
  const { plan, report, announcer } = context;
  const span = report.begin('plugins', 'plugins', 'root', report.whole);
  await startAll(plan.plugins, context, span);
  for (const { modules } of plan.skipped) {
    for (const { subject, failure } of modules) {
      announcer.progress({ kind: 'skipped', subject, detail: failure!.error.message, elapsedMs: 0 });
    }
  }
  report.end(span);
}

/** Resolves when the outcome of all of them is final, at the latest when the start is aborted. */
export async function startAll(
  plugins: readonly Part[],
  context: StartContext,
  parent: SpanId,
): Promise<void> {
  const { report, signal } = context;
  const now = report.now();
  plugins.forEach(plugin => {
    plugin.span = report.begin('plugin', plugin.pluginId, plugin.pluginId, parent, now);
  });
  let open = plugins.length;
  let onAllClosed = () => {};
  const allClosed = new Promise<void>(resolve => (onAllClosed = resolve));
  const onClosed = () => {
    if (--open === 0) onAllClosed();
  };
  const group: GroupContext = { ...context, onClosed };
  const timers = setDeadlines(plugins, group);
  const stopListening = signal.onAbort(() => {
    for (const plugin of plugins.filter(({ over }) => !over)) {
      const waitsFor = () => report.openWithin(plugin.span!);
      closePlugin(plugin, group, abortError(plugin.subject, signal.reason, waitsFor));
    }
  });
  void beginInTurns(plugins, group);
  if (plugins.length > 0) await allClosed;
  stopListening();
  timers.forEach(clearTimeout);
}

/** The number of plugins that begin in one turn of the event loop. */
const TURN = 100;

/** Starts all in parallel, but in groups, so that one group is done and its garbage collected before the next. */
async function beginInTurns(plugins: readonly Part[], group: GroupContext): Promise<void> {
  for (let at = 0; at < plugins.length; at++) {
    if (at > 0 && at % TURN === 0) await new Promise(setImmediate);
    startPlugin(plugins[at]!, group);
  }
}

function setDeadlines(plugins: readonly Part[], group: GroupContext): NodeJS.Timeout[] {
  const { policy, report } = group;
  return plugins.flatMap(plugin => {
    const timeoutMs = policy.timeoutMs(plugin.pluginId);
    if (timeoutMs === undefined) return none;
    const onLate = () => {
      if (plugin.over) return;
      const fields = { subject: plugin.subject, timeoutMs, waitsFor: report.openWithin(plugin.span!) };
      closePlugin(plugin, group, new EngineError('GR_START_TIMEOUT', fields));
    };
    // A start that waits for nothing but this deadline is stuck, so the timer does not keep the process alive.
    return setTimeout(onLate, Math.min(timeoutMs, LONGEST_TIMER)).unref();
  });
}
