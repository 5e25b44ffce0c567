// Tells people how a backend starts and stops, through its root logger.
import type { RootLoggerService } from '@greenroom/backend-plugin-api';
import type {
  BackendShutdownResult,
  BackendStartupResult,
  ShutdownHookResult,
  StartupProgressEvent,
  StartupReporterService,
} from '@greenroom/backend-app-api';
import type { JsonObject } from '@backstage/types';
import {
  describeFirstReason,
  describeTotal,
  formatMs,
  formatStartupSummary,
  type SummaryLine,
} from './formatStartupSummary';
import type { StartupResults } from './StartupResults';

// Shutdown hooks that take longer than this are named once a stop is over, because people wait for them.
const slowHookMs = 1000;
const levels = ['error', 'warn', 'info'] as const;

/**
 * Logs progress, the summary and the end of a backend.
 *
 * If the root logger writes JSON, the summary is one entry with fields instead of lines, of the gravest of their levels.
 *
 * @public
 */
export class StartupReporter implements StartupReporterService {
  readonly #logger: RootLoggerService;
  readonly #lines: SummaryLine[] = [];
  #over = false;
  readonly #results: StartupResults | undefined;

  /** @param options - `results` are also told how the start went. */
  constructor(logger: RootLoggerService, options: { results?: StartupResults } = {}) {
    this.#logger = logger;
    this.#results = options.results;
  }

  progress({ kind, subject, detail, elapsedMs }: StartupProgressEvent): void {
    const time = formatMs(elapsedMs);
    const because = detail ? `: ${detail}` : '';
    const capitalised = subject.charAt(0).toUpperCase() + subject.slice(1);
    if (kind === 'waiting') this.#logger.info(`${capitalised} ${detail ?? 'is waited for'}, for ${time} now`);
    // The summary tells why; here it would only be repeated.
    else if (kind === 'failed') this.#logger.warn(`${capitalised} failed after ${time}`);
    else this.#logger.debug(`${capitalised} ${kind} after ${time}${because}`);
  }

  addLine(label: string, value: string): void {
    if (this.#over) this.#logger.info(`${label}  ${value}`);
    else this.#lines.push({ label, value });
  }

  result(result: BackendStartupResult): void {
    this.#over = true;
    this.#results?.tell(result);
    const lines = formatStartupSummary(result, this.#lines);
    // Other implementations of the logger do not tell their format, and lines suit any.
    if ('format' in this.#logger && this.#logger.format === 'json') {
      const gravest = levels.find(one => lines.some(({ level }) => level === one))!;
      const message = [describeTotal(result), describeFirstReason(result)].filter(Boolean).join('. ');
      this.#logger[gravest](message, this.#fields(result));
      return;
    }
    for (const { text, level } of lines) this.#logger[level](text);
  }

  shutdown({ durationMs, outcome, hooks }: BackendShutdownResult): void {
    const notable = hooks.filter(hook => hook.outcome !== 'done' || hook.durationMs >= slowHookMs);
    const details = notable.map(describeHook).join('; ');
    const text = `Stopped in ${formatMs(durationMs)}${details && `: ${details}`}`;
    this.#logger[outcome === 'failure' ? 'error' : 'info'](text);
  }

  #fields(result: BackendStartupResult): JsonObject {
    const addresses = Object.fromEntries(this.#lines.map(({ label, value }) => [label, value]));
    const failureOf = (entry: { failure?: { error: Error; allowed: boolean } }) =>
      entry.failure && { failure: { error: entry.failure.error, allowed: entry.failure.allowed } };
    const fields = {
      outcome: result.outcome,
      durationMs: Math.round(result.durationMs),
      plugins: result.plugins.map(plugin => ({
        pluginId: plugin.pluginId,
        status: plugin.status,
        durationMs: Math.round(plugin.durationMs),
        ...failureOf(plugin),
        modules: plugin.modules.map(module => ({
          moduleId: module.moduleId,
          status: module.status,
          durationMs: Math.round(module.durationMs),
          ...failureOf(module),
        })),
      })),
      ...(result.problems.length > 0 && { problems: result.problems }),
      ...(this.#lines.length > 0 && { addresses }),
    };
    // The logger serialises the errors in there, with their causes.
    return fields as unknown as JsonObject;
  }
}

function describeHook({ owner, phase, index, durationMs, outcome, error }: ShutdownHookResult): string {
  const words = { done: 'took', failed: 'failed after', 'timed out': 'timed out after' }[outcome];
  const because = error && outcome === 'failed' ? ` (${error.message})` : '';
  return `${phase} hook ${index + 1} of ${owner} ${words} ${formatMs(durationMs)}${because}`;
}
