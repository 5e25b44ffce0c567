// A plugin or a module, from its registration to its outcome: what it declared, what that is linked to, how its start went.
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

/** An extension point of a plugin, whoever registered it. */
export interface ExtensionPointPlan {
  readonly id: string;
  readonly registeredBy: Part;
  factory: ExtensionPointRegistration['factory'];
  /** The one of another plugin that has the same id. */
  next: ExtensionPointPlan | undefined;
  /** How its first consumer uses it, which is mostly how all do. */
  use: ExtensionPointUse | undefined;
}

/** An extension point under the name by which a module receives it. */
export interface ExtensionPointUse {
  readonly name: string;
  readonly point: ExtensionPointPlan;
}

/** Where a feature was added. Worded only if a message needs it. */
export type Source = { toString(): string };

/** Shared by all that have none of something. */
export const none: readonly never[] = Object.freeze([]);
const noInit: InitRegistration = { deps: {}, func: () => {} };
const noExtension = () => undefined;

/**
 * One object for all steps, because thousands of them are made in a start. Planning sets the links, starting the
 * outcome. Fields are set once, in the constructor.
 */
export class Part {
  declare readonly pluginId: string;
  /** Missing for a plugin. */
  declare readonly moduleId: string | undefined;
  /** The plugin that a module extends, once that is planned; a plugin itself. */
  declare plugin: Part;
  declare readonly source: Source;
  /** The feature it came from, so that it can be registered anew. */
  declare feature: InternalRegistrationsFeature | undefined;
  declare extensionPoints: readonly ExtensionPointRegistration[];
  declare init: InitRegistration;
  /** Set where register failed; extension points and init are then empty. */
  declare failed: EngineError | undefined;

  /** Why it can't be started. All of them, found without running anything. */
  declare problems: readonly EngineError[];
  declare services: readonly ServiceDependency[];
  /** The extension points that it registers. */
  declare provides: readonly ExtensionPointPlan[];
  /** The extension points that it consumes. */
  declare uses: readonly ExtensionPointUse[];
  declare modules: readonly Part[];
  /** Whether one of them has failed, whatever that means for the plugin. */
  declare hasFailedModule: boolean;
  /** For each module, by position, the modules it waits for. Missing where none waits. */
  declare moduleOrder: Edges | undefined;

  /** It counts as skipped until it is said to have started or failed. */
  declare status: StartupStatus;
  declare failure: StartupFailure | undefined;
  /** The span that gives its entry its times; missing where nothing was begun. */
  declare span: SpanId | undefined;
  /** Of a plugin, while its init runs. */
  declare initSpan: SpanId | undefined;
  /** Of a plugin, set while it starts. */
  declare scope: ServiceScope | undefined;
  /** Set when the outcome of a plugin is final: whatever still goes on after a deadline no longer changes it. */
  declare over: boolean;

  constructor(
    pluginId: string,
    moduleId: string | undefined,
    { feature, source }: { feature: InternalRegistrationsFeature; source: Source },
    extensionPoints: readonly ExtensionPointRegistration[] = none,
    init: InitRegistration = noInit,
  ) {
    this.pluginId = pluginId;
    this.moduleId = moduleId;
    this.plugin = this;
    this.source = source;
    this.feature = feature;
    this.extensionPoints = extensionPoints;
    this.init = init;
    this.failed = undefined;
    this.problems = none;
    this.services = none;
    this.provides = none;
    this.uses = none;
    this.modules = none;
    this.hasFailedModule = false;
    this.moduleOrder = undefined;
    this.status = 'skipped';
    this.failure = undefined;
    this.span = undefined;
    this.initSpan = undefined;
    this.scope = undefined;
    this.over = false;
  }

  get id(): string {
    return this.moduleId ?? this.pluginId;
  }

  /** In words: `plugin 'catalog'`. Made when it is asked for, because most starts need it for nobody. */
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

  /** Lets go of what was needed to start it: what is left is its plan, for whoever looks at it. */
  release(): void {
    this.feature = undefined;
    this.extensionPoints = none;
    this.init = noInit;
    this.scope = undefined;
    for (let at = 0; at < this.provides.length; at++) this.provides[at]!.factory = noExtension;
    for (let at = 0; at < this.modules.length; at++) this.modules[at]!.release();
  }
}

/** The list with one more item: a list that begins empty makes room for 17, and most stay at one. */
function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list === none) return [item];
  (list as T[]).push(item);
  return list;
}
