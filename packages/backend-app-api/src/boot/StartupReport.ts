// Records the outcome of a start: exactly one entry a plugin and module, beside the spans; gives the result at its end.
import type { EngineError } from '../errors';
import { criticalPath } from '../report/criticalPath';
import { SpanRecorder } from '../report/SpanRecorder';
import type {
  BackendStartupResult,
  ModuleStartupResult,
  PluginStartupResult,
  StartupFailure,
  StartupStatus,
} from '../report/StartupResult';

/** The entry of a plugin or module while its start goes on. Times are milliseconds since the start began. */
export interface StartupEntry {
  readonly id: string;
  status: StartupStatus;
  begin: number;
  end: number;
  failure?: StartupFailure;
  readonly modules: StartupEntry[];
}

/** The record of one start. */
export class StartupReport extends SpanRecorder {
  readonly problems: EngineError[] = [];
  readonly #entries: StartupEntry[] = [];
  /** Opens the entry of a plugin. It counts as skipped until it is said to have started or failed. */
  plugin(id: string): StartupEntry {
    const entry = newEntry(id, this.now());
    this.#entries.push(entry);
    return entry;
  }

  /** Opens the entry of a module, below its plugin's. */
  module(plugin: StartupEntry, id: string): StartupEntry {
    const entry = newEntry(id, this.now());
    plugin.modules.push(entry);
    return entry;
  }

  fail(entry: StartupEntry, failure: StartupFailure): void {
    entry.status = 'failed';
    entry.failure = failure;
  }

  /** Whether something went wrong that the boot failure policy does not allow. */
  hasDecisiveFailure(): boolean {
    return (
      this.problems.length > 0 ||
      this.#entries.some(entry => isNotAllowed(entry) || entry.modules.some(isNotAllowed))
    );
  }

  /** Ends the recording. */
  result(): BackendStartupResult {
    this.end(this.whole);
    const { spans, problems } = this;
    const plugins = this.#entries.map(entry => this.#pluginResult(entry));
    let path: BackendStartupResult['criticalPath'] | undefined;
    return {
      beginAt: this.beginAt,
      resultAt: this.date(this.whole.end!),
      durationMs: this.whole.end!,
      outcome: this.hasDecisiveFailure() ? 'failure' : 'success',
      plugins,
      problems,
      spans,
      // Only who looks at it pays for it.
      get criticalPath() {
        return (path ??= criticalPath(spans));
      },
    };
  }

  #pluginResult(entry: StartupEntry): PluginStartupResult {
    return {
      pluginId: entry.id,
      ...this.#times(entry),
      modules: entry.modules.map((module): ModuleStartupResult => ({
        moduleId: module.id,
        ...this.#times(module),
      })),
    };
  }

  #times({ status, begin, end, failure }: StartupEntry) {
    const times = {
      status,
      beginAt: this.date(begin),
      resultAt: this.date(end),
      durationMs: end - begin,
    };
    return failure ? { ...times, failure } : times;
  }
}

function newEntry(id: string, begin: number): StartupEntry {
  return { id, status: 'skipped', begin, end: begin, modules: [] };
}

function isNotAllowed({ failure }: StartupEntry): boolean {
  return failure?.allowed === false;
}
