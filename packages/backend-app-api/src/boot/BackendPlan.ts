// The plan of a backend: everything that starting it needs to know, as data. Types only.
import type { EngineError } from '../errors';
import type { Edges } from '../graph/DependencyGraph';
import type { ServiceDependency, ServiceNode } from '../services/serviceGraph';
import type { ServiceGraph } from '../services/serviceGraph';
import type { Registered } from './readRegistrations';

/** An extension point of a plugin, whoever registered it. */
export interface ExtensionPointPlan {
  readonly id: string;
  readonly registeredBy: Registered;
  factory(context: { reportModuleStartupFailure(options: { error: Error }): void }): unknown;
  /** Wraps what `factory` gives, in this order. */
  readonly middleware: ReadonlyArray<(original: unknown) => unknown>;
}

/** A plugin or module whose dependencies are linked. */
export interface InitPlan {
  readonly declared: Registered;
  readonly services: readonly ServiceDependency[];
  /** Why it can't be started. All of them, found without running anything. */
  readonly problems: readonly EngineError[];
}

/** A module, below its plugin. */
export interface ModulePlan extends InitPlan {
  readonly id: string;
  readonly extensionPoints: ReadonlyArray<{ readonly name: string; readonly point: ExtensionPointPlan }>;
}

/** A plugin with its modules. */
export interface PluginPlan extends InitPlan {
  readonly id: string;
  readonly modules: readonly ModulePlan[];
  /** For each module, by position, the modules it waits for. Missing where none waits. */
  readonly moduleOrder?: Edges;
}

/** Modules whose plugin is not installed. */
export interface SkippedModules {
  readonly pluginId: string;
  readonly modules: ReadonlyArray<{
    readonly id: string;
    readonly subject: string;
    readonly reason: EngineError;
  }>;
}

/** How a backend will be started. */
export interface BackendPlan {
  readonly plugins: readonly PluginPlan[];
  readonly skipped: readonly SkippedModules[];
  readonly graph: ServiceGraph;
  /** Root services that are created without being asked for. */
  readonly eagerRoot: readonly ServiceNode[];
  /** Plugin services that are created for every plugin without being asked for. */
  readonly eagerPlugin: readonly ServiceDependency[];
  /** What is wrong and belongs to no plugin. */
  readonly problems: readonly EngineError[];
}
