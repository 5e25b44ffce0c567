// The shape of what a start reports: one entry a plugin and module, spans, and the critical path. Types only.

/** How a plugin or module came out of a start. */
export type StartupStatus = 'started' | 'failed' | 'skipped';

/** Why a plugin or module did not start, and whether the boot failure policy lets the backend start without it. */
export interface StartupFailure {
  error: Error;
  allowed: boolean;
}

/** How the start of one module went. */
export interface ModuleStartupResult {
  moduleId: string;
  status: StartupStatus;
  beginAt: Date;
  resultAt: Date;
  /** Milliseconds from `beginAt` to `resultAt`. */
  durationMs: number;
  failure?: StartupFailure;
}

/** How the start of one plugin went. */
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

/** One measured step of a start. Times are milliseconds since the start began. */
export interface StartupSpan {
  /** Position in the list of spans. */
  id: number;
  name: string;
  kind: StartupSpanKind;
  /** The plugin the step was done for, or `root`. */
  owner: string;
  start: number;
  /** Missing where the step had not ended when the start was over. */
  end?: number;
  /** The `id` of the span that contains this one. */
  parent?: number;
}

/** One stretch of the critical path: for `ms` milliseconds, this span is what the start waited for. */
export interface CriticalPathEntry extends Pick<StartupSpan, 'name' | 'kind' | 'owner'> {
  span: number;
  ms: number;
}

/** How a start went. Survives `JSON.stringify`: errors come out with name, code, message, path and cause. */
export interface BackendStartupResult {
  beginAt: Date;
  resultAt: Date;
  /** Milliseconds from `beginAt` to `resultAt`. */
  durationMs: number;
  outcome: 'success' | 'failure';
  /** One entry a plugin, in the order in which they were added; modules without their plugin come as a `skipped` one. */
  plugins: PluginStartupResult[];
  /** What went wrong and belongs to no plugin. Any entry makes the outcome a failure. */
  problems: Error[];
  /** Every measured step, in the order in which they began. */
  spans: StartupSpan[];
  /** What the start waited for, from beginning to end; the durations add up to the whole. */
  criticalPath: CriticalPathEntry[];
}
