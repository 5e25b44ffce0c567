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
  readonly modules: StartupEntry[];
}

const noModules: StartupEntry[] = [];

/** The record of one start. */
export class StartupReport extends SpanRecorder {
  readonly problems: EngineError[] = [];
  readonly #entries: StartupEntry[] = [];

  /** Opens the entry of a plugin and those of its modules. */
  plugin(id: string, modules: ReadonlyArray<{ readonly id: string }>): StartupEntry {
    const entry = newEntry(id, modules.length > 0 ? modules.map(module => newEntry(module.id)) : noModules);
    this.#entries.push(entry);
    return entry;
  }

  fail(entry: StartupEntry, failure: StartupFailure): void {
    entry.status = 'failed';
    entry.failure = failure;
  }

  /** Whether something went wrong that the boot failure policy does not allow. */
  hasDecisiveFailure(): boolean {
    return this.problems.length > 0 || this.#entries.some(isDecisive);
  }

  /** Ends the recording. What is large is only made when it is looked at. */
  result(): BackendStartupResult {
    this.end(this.whole);
    // A copy, because what still goes on after a deadline may yet fail.
    const problems = [...this.problems];
    const list = once(() => this.list());
    const plugins = once(() => this.#entries.map(entry => this.#pluginResult(entry)));
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

function newEntry(id: string, modules = noModules): StartupEntry {
  return { id, status: 'skipped', span: undefined, failure: undefined, modules };
}

function isDecisive({ failure, modules }: StartupEntry): boolean {
  return failure?.allowed === false || modules.some(isDecisive);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
