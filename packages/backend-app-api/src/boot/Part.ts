// A plugin or module, from registration to outcome: what it declared, what that is linked to, and how its start went.
import type {
  ExtensionPointRegistration,
  InitRegistration,
  InternalRegistrationsFeature,
} from '@greenroom/backend-plugin-api/internal';
import { subject, type EngineError } from '../errors';
import type { Edges } from '../graph/DependencyGraph';
import type { SpanId } from '../report/SpanRecorder';
import type { StartupFailure, StartupStatus } from '../report/StartupResult';
import type { ServiceDependency } from '../services/ServiceNode';
import type { ServiceScope } from '../services/ServiceScope';

/** An extension point of a plugin, whether the plugin or a module registered it. */
export interface ExtensionPointPlan {
  readonly id: string;
  readonly registeredBy: Part;
  factory: ExtensionPointRegistration['factory'];
  /** The next one with the same id, which belongs to another plugin. */
  next: ExtensionPointPlan | undefined;
  /** The use by its first consumer. Most other consumers use the same name and share the object. */
  use: ExtensionPointUse | undefined;
}

/** An extension point under the name by which a module receives it. */
export interface ExtensionPointUse {
  readonly name: string;
  readonly point: ExtensionPointPlan;
}

/** Where a feature was added. Turned into text only if a message needs it. */
export type Source = { toString(): string };

/** The shared empty list. */
export const none: readonly never[] = Object.freeze([]);
const noInit: InitRegistration = { deps: {}, func: () => {} };
const noExtension = () => undefined;

/**
 * One object serves all steps, because a start may create thousands of them. Planning sets the links, starting sets
 * the outcome.
 */
export class Part {
  /** The plugin that a module extends, once planned; for a plugin, itself. */
  plugin: Part = this;
  readonly source: Source;
  /** The feature it came from, kept so that it can be registered again. */
  feature: InternalRegistrationsFeature | undefined;

  /** All reasons why it can't be started, found without running anything. */
  problems: readonly EngineError[] = none;
  services: readonly ServiceDependency[] = none;
  /** The extension points that it registers. */
  provides: readonly ExtensionPointPlan[] = none;
  /** The extension points that it consumes. */
  uses: readonly ExtensionPointUse[] = none;
  modules: readonly Part[] = none;
  /** Whether any of its modules has failed, whatever that means for the plugin. */
  hasFailedModule = false;
  /** For each module, by index, the modules that it waits for. Undefined if none waits. */
  moduleOrder: Edges | undefined;

  /** Skipped until it has started or failed. */
  status: StartupStatus = 'skipped';
  failure: StartupFailure | undefined;
  /** The span that its times in the result come from; undefined if it never began. */
  span: SpanId | undefined;
  /** For a plugin, set while its init runs. */
  initSpan: SpanId | undefined;
  /** For a plugin, set while it starts. */
  scope: ServiceScope | undefined;
  /** Set once the outcome of a plugin is final: work that continues after a deadline no longer changes it. */
  over = false;

  constructor(
    readonly pluginId: string,
    /** Undefined for a plugin. */
    readonly moduleId: string | undefined,
    { feature, source }: { feature: InternalRegistrationsFeature; source: Source },
    public extensionPoints: readonly ExtensionPointRegistration[] = none,
    public init: InitRegistration = noInit,
  ) {
    this.feature = feature;
    this.source = source;
  }

  get id(): string {
    return this.moduleId ?? this.pluginId;
  }

  /** For example `plugin 'catalog'`. Computed on demand, because most starts never need it. */
  get subject(): string {
    const { pluginId, moduleId } = this;
    return moduleId === undefined ? subject('plugin', pluginId) : subject('module', moduleId, pluginId);
  }

  addProblem(problem: EngineError): void {
    this.problems = added(this.problems, problem);
  }

  addModule(module: Part): void {
    module.plugin = this;
    this.modules = added(this.modules, module);
  }

  /** Drops what was only needed to start it. Its plan stays, for inspection. */
  release(): void {
    this.feature = undefined;
    this.extensionPoints = none;
    this.init = noInit;
    this.scope = undefined;
    for (let at = 0; at < this.provides.length; at++) this.provides[at]!.factory = noExtension;
    for (let at = 0; at < this.modules.length; at++) this.modules[at]!.release();
  }
}

/** The list with one more item. An empty list that grows reserves room for 17 items, and most stay at one. */
function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list === none) return [item];
  (list as T[]).push(item);
  return list;
}
