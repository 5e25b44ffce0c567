// What the steps of a start work with, once there is a plan. Types only.
import type { ServiceRegistry } from '../services/ServiceRegistry';
import type { Announcer } from './Announcer';
import type { BootFailurePolicy, ShutdownLimits } from './bootSettings';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { BackendPlan } from './planBackend';
import type { Part } from './Part';
import type { PluginStatuses } from './PluginStatuses';
import type { StartSignal } from './endOf';
import type { StartupReport } from './StartupReport';

/** Context of booting the backend. */
export interface BootContext {
  readonly plan: BackendPlan;
  /** Already holds the services that feature loaders needed. */
  readonly registry: ServiceRegistry;
  readonly report: StartupReport;
  readonly statuses: PluginStatuses;
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
  /** Aborted if the backend is stopped while it starts. */
  readonly signal: StartSignal;
}

/** Context of starting plugins. */
export interface StartContext extends BootContext {
  readonly policy: BootFailurePolicy;
  readonly limits: ShutdownLimits;
  readonly announcer: Announcer;
}

/** Context of starting a group of plugins. */
export interface GroupContext extends StartContext {
  /** The maximum number of plugin services in a scope. */
  readonly slots: number;
  /** Called once per plugin of the group, when its outcome is final. */
  onClosed(): void;
}

/** The continuation of a plugin's start after a step. */
export type Next = (plugin: Part, context: GroupContext) => void;
