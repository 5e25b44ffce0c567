// Words the result of a start as lines with columns that line up.
import type {
  BackendStartupResult,
  ModuleStartupResult,
  PluginStartupResult,
  StartupFailure,
} from '@greenroom/backend-app-api';

/** A line shown below the summary. */
export interface SummaryLine {
  readonly label: string;
  readonly value: string;
}

/** One line of the summary; `failed` where it tells of something that did not work. */
export interface FormattedLine {
  readonly text: string;
  readonly failed: boolean;
}

const marks = { started: '✓', failed: '✗', skipped: '-' } as const;

/**
 * The summary: a line a plugin with its state, its milliseconds and its modules; below it why it failed, if it did;
 * then problems that belong to no plugin, the total, and the added lines.
 */
export function formatStartupSummary(
  result: BackendStartupResult,
  added: readonly SummaryLine[],
): FormattedLine[] {
  const idWidth = widthOf(result.plugins.map(plugin => plugin.pluginId));
  const stateWidth = widthOf(result.plugins.map(plugin => plugin.status));
  const msWidth = widthOf(result.plugins.map(plugin => formatMs(plugin.durationMs)));
  const lines: FormattedLine[] = [];

  for (const plugin of result.plugins) {
    const columns = [
      `${marks[plugin.status]} ${plugin.pluginId.padEnd(idWidth)}`,
      plugin.status.padEnd(stateWidth),
      formatMs(plugin.durationMs).padStart(msWidth),
      plugin.modules.map(describeModule).join(', '),
    ];
    lines.push(line(columns.join('  ').trimEnd(), plugin.status === 'failed'));
    for (const text of failureLines(plugin.failure)) lines.push(line(`    ${text}`, true));
    for (const { moduleId, failure } of plugin.modules) {
      for (const text of failureLines(failure, `module ${moduleId}: `)) lines.push(line(`    ${text}`, true));
    }
  }
  for (const problem of result.problems) {
    const [first, ...rest] = messageLines(problem);
    lines.push(line(`${marks.failed} ${first}`, true), ...rest.map(text => line(`    ${text}`, true)));
  }
  lines.push(line(describeTotal(result), result.outcome === 'failure'));

  const labelWidth = widthOf(added.map(({ label }) => label));
  for (const { label, value } of added) lines.push(line(`${label.padEnd(labelWidth)}  ${value}`, false));
  return lines;
}

/** Counts and duration: `Started 3 plugins in 12 ms`. */
export function describeTotal({ outcome, plugins, durationMs }: BackendStartupResult): string {
  const ofStatus = (status: PluginStartupResult['status']) =>
    plugins.filter(plugin => plugin.status === status).length;
  const started = ofStatus('started');
  const count = `${started} ${started === 1 ? 'plugin' : 'plugins'}`;
  const others = (['failed', 'skipped'] as const).flatMap(status => {
    const number = ofStatus(status);
    return number > 0 ? [`${number} ${status}`] : [];
  });
  const detail = others.length > 0 ? ` (${others.join(', ')})` : '';
  return outcome === 'success'
    ? `Started ${count} in ${formatMs(durationMs)}${detail}`
    : `The start failed after ${formatMs(durationMs)}: ${count} started${detail}`;
}

/** Milliseconds for people: whole below ten seconds, seconds with one digit above. */
export function formatMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function describeModule({ moduleId, status, durationMs }: ModuleStartupResult): string {
  return status === 'started' ? `${moduleId} (${formatMs(durationMs)})` : `${moduleId} (${status})`;
}

function failureLines(failure: StartupFailure | undefined, label = ''): string[] {
  if (!failure) return [];
  const [first = '', ...rest] = messageLines(failure.error);
  const allowed = failure.allowed ? ' (the backend may start without it)' : '';
  return [`${label}${first}${allowed}`, ...rest];
}

function messageLines({ name, message }: Error): string[] {
  return (message || name).trimEnd().split('\n');
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(text => text.length));
}

function line(text: string, failed: boolean): FormattedLine {
  return { text, failed };
}
