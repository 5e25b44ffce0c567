// Records the outcome of a start: exactly one entry a plugin and module, beside the spans; gives the result at its end.
import type { EngineError } from '../errors';
import { criticalPath } from '../report/criticalPath';
import { SpanRecorder, type SpanId } from '../report/SpanRecorder';
import type {
  BackendStartupResult,
  PluginStartupResult,
  StartupFailure,
  StartupStatus,
} from '../report/StartupResult';

/** The entry of a plugin or module. It counts as skipped until it is said to have started or failed. */
export interface StartupEntry {
  readonly id: string;
  status: StartupStatus;
  /** The span that gives the entry its times; missing where nothing was begun. */
  span?: SpanId;
  failure?: StartupFailure;
  readonly modules: readonly StartupEntry[];
}

/** The record of one start. */
export class StartupReport extends SpanRecorder {
  readonly problems: EngineError[] = [];
  /** One a plugin. */
  entries: readonly StartupEntry[] = [];
  #isDecided = false;

  /** The first failure stays: later ones are usually its consequences. */
  fail(entry: StartupEntry, error: Error, allowed: boolean): void {
    entry.status = 'failed';
    if (entry.failure) return;
    entry.failure = { error, allowed };
    if (!allowed) this.#isDecided = true;
  }

  /** Whether something went wrong that the boot failure policy does not allow. */
  hasDecisiveFailure(): boolean {
    return this.#isDecided || this.problems.length > 0;
  }

  /** Ends the recording. What is large is only made when it is looked at. */
  result(): BackendStartupResult {
    this.end(this.whole);
    // A copy, because what still goes on after a deadline may yet fail.
    const problems = [...this.problems];
    const list = once(() => this.list());
    const plugins = once(() => this.entries.map(entry => this.#pluginResult(entry)));
    const path = once(() => criticalPath(list()));
    return {
      ...this.timesOf(this.whole),
      outcome: this.hasDecisiveFailure() ? 'failure' : 'success',
      problems,
      get plugins() {
        return plugins();
      },
      get spans() {
        return list();
      },
      get criticalPath() {
        return path();
      },
    };
  }

  #pluginResult(entry: StartupEntry): PluginStartupResult {
    const modules = entry.modules.map(module => ({ moduleId: module.id, ...this.#outcome(module) }));
    return { pluginId: entry.id, ...this.#outcome(entry), modules };
  }

  #outcome({ status, span, failure }: StartupEntry) {
    const nothing = { beginAt: this.beginAt, resultAt: this.beginAt, durationMs: 0 };
    return { status, ...(span === undefined ? nothing : this.timesOf(span)), ...(failure && { failure }) };
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
