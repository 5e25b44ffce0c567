// What the steps of a start work with. Types only.
import type { ServiceRegistry } from '../services/ServiceRegistry';
import type { Announcer } from './Announcer';
import type { BootSettings } from './bootSettings';
import type { InternalExtensionPointFactoryMiddleware } from './createExtensionPointFactoryMiddleware';
import type { BackendPlan } from './planBackend';
import type { Part } from './Part';
import type { PluginStatuses } from './PluginStatuses';
import type { StartSignal } from './endOf';
import type { StartupReport } from './StartupReport';

/** Context of a start or a check. Its settings and its announcer are replaced as soon as the real ones are known. */
export interface BootContext extends BootSettings {
  readonly registry: ServiceRegistry;
  readonly report: StartupReport;
  readonly statuses: PluginStatuses;
  readonly middleware: readonly InternalExtensionPointFactoryMiddleware[];
  /** Aborted if the backend is stopped while it starts. */
  readonly signal: StartSignal;
  announcer: Announcer;
  plan?: BackendPlan;
}

export interface StartContext extends BootContext {
  plan: BackendPlan;
}

export interface GroupContext extends StartContext {
  /** Called once per plugin of the group, when its outcome is final. */
  onClosed(): void;
}

/** The continuation of a plugin's start after a step. */
export type Next = (plugin: Part, context: GroupContext) => void;
