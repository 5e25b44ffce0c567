// Links the services of a backend, including the default factories that they need.
import { nearestId, type InternalServiceRef } from '@greenroom/backend-plugin-api/internal';
import type { SpanId } from '../report/SpanRecorder';
import { addedAt, describe, EngineError, subject } from '../errors';
import { isServiceRef, type DefaultFactories } from './DefaultFactories';
import { selectFactories, type SourcedFactory } from './selectFactories';
import { cycleError, markFaulty } from './markFaulty';
import { toNode, type Slots } from './ServiceNode';
import type { Consumer, FaultSite, ServiceDependency, ServiceNode } from './ServiceNode';
import { wellKnownProvider } from './wellKnownProvider';

interface GraphParts {
  readonly factories: readonly SourcedFactory[];
  /** The engine's own services; nothing replaces them. */
  readonly engineNodes: readonly ServiceNode[];
  /** References, besides those of the factories, whose default factories may be needed. */
  readonly asked: Iterable<unknown>;
  readonly defaults: DefaultFactories;
  readonly slots: Slots;
  /** The span in which loading default factories is recorded. */
  readonly span: SpanId;
}

/** All services that are provided. */
export class ServiceGraph {
  readonly nodes: ServiceNode[];
  readonly slots: Slots;
  /** Factories of equal rank for one service. */
  conflicts: readonly EngineError[] = [];
  /** The providers of each service; empty if it was only asked for. */
  readonly #byId = new Map<string, ServiceNode[]>();
  readonly #dependencies = new Map<string, ServiceDependency[]>();
  readonly #defaults: DefaultFactories;
  #cycles: ReadonlyArray<readonly ServiceNode[]> = [];

  private constructor({ engineNodes, slots, defaults }: GraphParts) {
    this.nodes = [...engineNodes];
    this.slots = slots;
    this.#defaults = defaults;
    for (const node of engineNodes) this.#byId.set(node.id, [node]);
  }

  /**
   * Selects the factories that provide each service, and links them with each other. What they or `asked` need and
   * nobody provides gets its default factory. Each is loaded once, all at the same distance in parallel.
   */
  static async link(parts: GraphParts): Promise<ServiceGraph> {
    const { asked, defaults, span } = parts;
    const graph = new ServiceGraph(parts);
    const replaceable = parts.factories.filter(one => !graph.#byId.has(one.factory.service.id));
    const { selected, problems } = selectFactories(replaceable);
    graph.conflicts = problems;
    selected.forEach((factories, id) => graph.#provide(id, factories));
    const missing: InternalServiceRef[] = [];
    for (const ref of asked) if (isServiceRef(ref)) graph.#noteMissing(ref, missing);
    for (let at = 0; ;) {
      for (; at < graph.nodes.length; at++) graph.#link(graph.nodes[at]!, missing);
      if (missing.length === 0) break;
      await defaults.load(missing, span);
      for (const { id } of missing.splice(0)) {
        const one = defaults.get(id)!;
        if (!(one instanceof EngineError)) graph.#provide(id, [one]);
      }
    }
    graph.nodes.forEach(node => graph.#check(node));
    graph.#cycles = markFaulty(graph.nodes);
    return graph;
  }

  /** The providers of a service; empty if there are none. */
  providers(id: string): readonly ServiceNode[] {
    return this.#byId.get(id) ?? [];
  }

  /** Links a consumer's reference to its providers, or returns the error that says why it can't be linked. */
  dependency(name: string, ref: unknown, consumer: Consumer): ServiceDependency | EngineError {
    if (!isServiceRef(ref)) return invalid(name, ref, consumer.subject, addedAt(consumer));
    const dep = this.#dependency(name, ref.id, Boolean(ref.multiton));
    if (dep.providers.length === 0 && !dep.multiton)
      return this.#missing(ref.id, consumer.subject, addedAt(consumer));
    return dep;
  }

  /** The cycles that no consumer leads to, and that none has reported. */
  unreportedCycles(): EngineError[] {
    const unreported = this.#cycles.filter(cycle => !cycle.some(node => node.isReported));
    return unreported.map(cycle => cycleError(cycle, []));
  }

  /** An existing provider stays. */
  #provide(id: string, factories: readonly SourcedFactory[]): void {
    const providers = this.#providersOf(id);
    if (providers.length > 0) return;
    for (const one of factories) {
      const node = toNode(one, this.slots);
      providers.push(node);
      this.nodes.push(node);
    }
  }

  #providersOf(id: string): ServiceNode[] {
    let providers = this.#byId.get(id);
    if (!providers) this.#byId.set(id, (providers = []));
    return providers;
  }

  #noteMissing(ref: InternalServiceRef, missing: InternalServiceRef[]): void {
    const isMissing = this.providers(ref.id).length === 0;
    if (isMissing && (ref.__defaultFactory || this.#defaults.get(ref.id))) missing.push(ref);
  }

  #link(node: ServiceNode, missing: InternalServiceRef[]): void {
    const { deps } = node.factory;
    for (const name in deps) {
      const ref: unknown = deps[name];
      if (!isServiceRef(ref)) {
        node.faults.push(where => invalid(name, ref, subject('service', node.id), where));
        continue;
      }
      const dep = this.#dependency(name, ref.id, Boolean(ref.multiton));
      if (dep.providers.length === 0) this.#noteMissing(ref, missing);
      node.deps.push(dep);
    }
  }

  /** Called once all providers are known. */
  #check(node: ServiceNode): void {
    for (let at = 0; at < node.deps.length; at++) {
      const dep = node.deps[at]!;
      const provider = dep.providers[0];
      if (!provider && !dep.multiton)
        node.faults.push(where => this.#missing(dep.id, subject('service', node.id), where));
      const { scope } = provider ?? node.factory.deps[dep.name]!;
      if (node.scope === 'root' && scope === 'plugin')
        node.faults.push(where => wrongScope(dep.id, subject('service', node.id), where));
      if (scope === 'root') node.rootContext?.deps.push(dep);
    }
  }

  /** Thousands of consumers use the same name for the same service, so they share one object. */
  #dependency(name: string, id: string, multiton: boolean): ServiceDependency {
    const shared = this.#dependencies.get(id);
    if (shared) {
      for (let at = 0; at < shared.length; at++) {
        const known = shared[at]!;
        if (known.name === name && known.multiton === multiton) return known;
      }
    }
    const dep = { name, id, multiton, providers: this.#providersOf(id) };
    if (shared) shared.push(dep);
    else this.#dependencies.set(id, [dep]);
    return dep;
  }

  #missing(id: string, consumer: string, where: FaultSite): EngineError {
    const failed = this.#defaults.get(id);
    if (failed instanceof EngineError) {
      const { fields, cause } = failed as EngineError<'GR_DEFAULT_FACTORY_FAILED'>;
      return new EngineError('GR_DEFAULT_FACTORY_FAILED', fields, { ...where, cause });
    }
    const provided = [...this.#byId].flatMap(([known, { length }]) => (length > 0 ? known : []));
    const fields = { subject: consumer, id, ...nearestId(id, provided), ...wellKnownProvider(id) };
    return new EngineError('GR_SERVICE_MISSING', fields, where);
  }
}

function invalid(name: string, ref: unknown, consumer: string, where: FaultSite): EngineError {
  return new EngineError('GR_DEPENDENCY_INVALID', { subject: consumer, name, found: describe(ref) }, where);
}

/** The error of a consumer that may depend on root services only. */
export function wrongScope(id: string, consumer: string, where: FaultSite = {}): EngineError {
  return new EngineError('GR_SERVICE_SCOPE', { subject: consumer, id }, where);
}
