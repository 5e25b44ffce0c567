// What starting plugins works with, and one attempt at starting one. Types only.
import type { ServiceRegistry } from '../services/ServiceRegistry';
import type { ServiceScope } from '../services/ServiceScope';
import type { Announcer } from './Announcer';
import type { BackendPlan, PluginPlan } from './BackendPlan';
import type { BootFailurePolicy } from './bootFailurePolicy';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { PluginStatuses } from './PluginStatuses';
import type { StartSignal } from './StartSignal';
import type { StartupEntry, StartupReport } from './StartupReport';
import type { SpanId } from '../report/SpanRecorder';

/** What starting plugins works with. */
export interface StartContext {
  readonly plan: BackendPlan;
  readonly registry: ServiceRegistry;
  readonly report: StartupReport;
  readonly policy: BootFailurePolicy;
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
  readonly statuses: PluginStatuses;
  readonly announcer: Announcer;
  /** Aborted when the backend is stopped while it starts. */
  readonly signal: StartSignal;
}

/** One attempt at starting one plugin. */
export interface PluginRun {
  readonly plugin: PluginPlan;
  readonly scope: ServiceScope;
  readonly entry: StartupEntry;
  readonly span: SpanId;
  readonly context: StartContext;
  /** Set when the entry is closed: whatever still goes on after a deadline no longer changes it. */
  over: boolean;
}
