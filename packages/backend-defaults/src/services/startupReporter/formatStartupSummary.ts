// Formats the result of a start as lines with aligned columns.
import type {
  BackendStartupResult,
  ModuleStartupResult,
  PluginStartupResult,
  StartupFailure,
} from '@greenroom/backend-app-api';
import { reasonKey } from '@greenroom/backend-plugin-api/internal';

/** A line to show below the summary. */
export interface SummaryLine {
  readonly label: string;
  readonly value: string;
}

/** A line of the summary: an `error` if it tells what prevented the start, a `warn` for a failure that did not. */
export interface FormattedLine {
  readonly text: string;
  readonly level: 'info' | 'warn' | 'error';
}

const marks = { started: '✓', failed: '✗', skipped: '-' } as const;

/**
 * The summary: one line per plugin with its state, milliseconds and modules, followed by the reason if it failed;
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
  const told = new Map<string, string>();

  for (const plugin of result.plugins) {
    const columns = [
      `${marks[plugin.status]} ${plugin.pluginId.padEnd(idWidth)}`,
      plugin.status.padEnd(stateWidth),
      formatMs(plugin.durationMs).padStart(msWidth),
      plugin.modules.map(describeModule).join(', '),
    ];
    lines.push({ text: columns.join('  ').trimEnd(), level: levelOf(plugin.failure) });
    const ofModules = isOfModules(plugin);
    if (!ofModules) lines.push(...failureLines(plugin.failure, plugin.pluginId, told));
    for (const { moduleId, failure } of plugin.modules) {
      const subject = `module ${moduleId} of ${plugin.pluginId}`;
      lines.push(...failureLines(failure, subject, told, `module ${moduleId}: `));
    }
    // The modules have told why; what remains is what to do.
    if (ofModules) lines.push(...failureLines(plugin.failure, plugin.pluginId, told, '', hintOf));
  }
  for (const problem of result.problems) {
    if (told.has(toldKey(problem, 'error'))) continue;
    const [first, ...rest] = messageLines(problem);
    for (const text of [`${marks.failed} ${first}`, ...rest.map(indented)])
      lines.push({ text, level: 'error' });
  }
  const failed = result.outcome === 'failure';
  lines.push({ text: describeTotal(result), level: failed ? 'error' : 'info' });
  // A backend that did not start is not listening.
  if (failed) return lines;

  const labelWidth = widthOf(added.map(({ label }) => label));
  for (const { label, value } of added) {
    lines.push({ text: `${label.padEnd(labelWidth)}  ${value}`, level: 'info' });
  }
  return lines;
}

/** Why the start failed, in few words: its first reason. Empty if it did not fail. */
export function describeFirstReason({ problems, plugins }: BackendStartupResult): string {
  const decisive = ({ failure }: { failure?: StartupFailure }) =>
    failure?.allowed === false ? [failure.error] : [];
  const ofPlugins = plugins.flatMap(plugin => [
    ...plugin.modules.flatMap(decisive),
    ...(isOfModules(plugin) ? [] : decisive(plugin)),
  ]);
  const errors = [...problems, ...ofPlugins];
  const [first] = errors;
  if (!first) return '';
  const { size } = new Set(errors.map(reasonKey));
  const label = size === 1 ? 'The reason' : `First of ${size} reasons`;
  return `${label}: ${messageLines(first).join('\n')}`;
}

/** Counts and duration, for example `Started 3 plugins in 12 ms`. */
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

/** A duration for people: whole milliseconds below ten seconds, otherwise seconds with one decimal. */
export function formatMs(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function describeModule({ moduleId, status, durationMs }: ModuleStartupResult): string {
  return status === 'started' ? `${moduleId} (${formatMs(durationMs)})` : `${moduleId} (${status})`;
}

/** A reason that was `told` before, here or of another subject, is not repeated. */
function failureLines(
  failure: StartupFailure | undefined,
  subject: string,
  told: Map<string, string>,
  label = '',
  toLines = messageLines,
): FormattedLine[] {
  if (!failure) return [];
  const level = levelOf(failure);
  const reason = toldKey(failure.error, level);
  const same = told.get(reason);
  if (same === undefined) told.set(reason, subject);
  const [first = '', ...rest] =
    same === undefined ? toLines(failure.error) : [withCode(`for the same reason as ${same}`, failure.error)];
  return [`${label}${first}`, ...rest].map(text => ({ text: indented(text), level }));
}

/** What was told as a warning may not be shown where an error is. */
function toldKey(error: Error, level: FormattedLine['level']): string {
  return `${level} ${reasonKey(error)}`;
}

function levelOf(failure: StartupFailure | undefined): FormattedLine['level'] {
  if (!failure) return 'info';
  return failure.allowed ? 'warn' : 'error';
}

function indented(text: string): string {
  return `    ${text}`;
}

/** The message, followed by the code of the error that worded it, which docs/errors.md explains. */
function messageLines(error: Error): string[] {
  return withCode((error.message || error.name).trimEnd(), error).split('\n');
}

function hintOf(error: Error): string[] {
  const { hint = error.message } = error as { hint?: string };
  return withCode(hint, error).split('\n');
}

function withCode(text: string, error: Error): string {
  const code = codeOf(error);
  return `${text}${code && ` [${code}]`}`;
}

/** Whether it failed because of its modules, and they tell why. */
function isOfModules({ failure, modules }: PluginStartupResult): boolean {
  const { code } = (failure?.error ?? {}) as { code?: unknown };
  return code === 'GR_MODULE_FAILED' && modules.some(module => module.failure);
}

/** If an error wraps another Greenroom error, the code of that one counts. */
function codeOf({ code, cause }: Error & { code?: unknown }): string {
  if (typeof code !== 'string' || !code.startsWith('GR_')) return '';
  return (cause instanceof Error && codeOf(cause)) || code;
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(text => text.length));
}
