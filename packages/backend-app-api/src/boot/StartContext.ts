// What the steps of a start work with, from the plan on. Types only.
import type { ServiceRegistry } from '../services/ServiceRegistry';
import type { Announcer } from './Announcer';
import type { BootFailurePolicy, ShutdownLimits } from './bootSettings';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { BackendPlan } from './planBackend';
import type { Part } from './Part';
import type { PluginStatuses } from './PluginStatuses';
import type { StartSignal } from './endOf';
import type { StartupReport } from './StartupReport';

/** What booting works with. */
export interface BootContext {
  readonly plan: BackendPlan;
  /** Already holds the services that feature loaders asked for. */
  readonly registry: ServiceRegistry;
  readonly report: StartupReport;
  readonly statuses: PluginStatuses;
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
  /** Aborted when the backend is stopped while it starts. */
  readonly signal: StartSignal;
}

/** What starting plugins works with. */
export interface StartContext extends BootContext {
  readonly policy: BootFailurePolicy;
  readonly limits: ShutdownLimits;
  readonly announcer: Announcer;
}

/** What starting a group of plugins works with. */
export interface GroupContext extends StartContext {
  /** How many plugin services there may be in a scope. */
  readonly slots: number;
  /** Called once for each plugin of the group, when its outcome is final. */
  onClosed(): void;
}

/** What a plugin goes on with when a step is over. */
export type Next = (plugin: Part, context: GroupContext) => void;
