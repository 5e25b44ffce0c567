// The shape of what a start reports: one entry a plugin and module, spans, and the critical path. Types only.

/** The outcome of the start of a plugin or module. */
export type StartupStatus = 'started' | 'failed' | 'skipped';

/** Why a plugin or module did not start, and whether the boot failure policy allows the backend to start without it. */
export interface StartupFailure {
  error: Error;
  allowed: boolean;
}

/** The result of the start of one module. */
export interface ModuleStartupResult {
  moduleId: string;
  status: StartupStatus;
  /** When its startup began, with its services, before its `init`; the beginning of the whole if it did not. */
  beginAt: Date;
  resultAt: Date;
  /** Milliseconds from `beginAt` to `resultAt`. */
  durationMs: number;
  failure?: StartupFailure;
}

/** The result of the start of one plugin. */
export interface PluginStartupResult extends Omit<ModuleStartupResult, 'moduleId'> {
  pluginId: string;
  modules: ModuleStartupResult[];
}

/** What a span measures. */
export type StartupSpanKind =
  | 'start'
  | 'collect'
  | 'import'
  | 'loader'
  | 'register'
  | 'plan'
  | 'defaultFactory'
  | 'root'
  | 'plugins'
  | 'plugin'
  | 'service'
  | 'module'
  | 'init'
  | 'hook';

/** A measured step of a start. Times are in milliseconds since the start began. */
export interface StartupSpan {
  /** Position in the list of spans. */
  id: number;
  name: string;
  kind: StartupSpanKind;
  /** The plugin that the step belongs to, or `root`. */
  owner: string;
  start: number;
  /** Absent if the step had not ended when the start was over. */
  end?: number;
  /** The `id` of the span that contains this one. */
  parent?: number;
}

/** A section of the critical path: for `ms` milliseconds, the start waited for this span. */
export interface CriticalPathEntry extends Pick<StartupSpan, 'name' | 'kind' | 'owner'> {
  /** The `id` of the span. */
  span: number;
  ms: number;
}

/**
 * The result of a start. It can be serialised with `JSON.stringify`: errors keep their name, code, message, path and
 * cause.
 */
export interface BackendStartupResult {
  beginAt: Date;
  resultAt: Date;
  /** Milliseconds from `beginAt` to `resultAt`. */
  durationMs: number;
  /** `failure` if anything failed that the boot failure policy does not allow. */
  outcome: 'success' | 'failure';
  /**
   * One entry per plugin, in the order in which they were added. Modules without their plugin are listed in an entry
   * with status `skipped`.
   */
  plugins: PluginStartupResult[];
  /** Problems that belong to no plugin. If there are any, the outcome is `failure`. */
  problems: Error[];
  /** All measured steps, in the order in which they began. */
  spans: StartupSpan[];
  /** What the start waited for, from beginning to end. The durations add up to the total. */
  criticalPath: CriticalPathEntry[];
}
