// The services of a backend as linked nodes, with every fault in their wiring known before anything of them runs.
import { nearestId } from '@greenroom/backend-plugin-api/internal';
import { addedAt, describe, EngineError, subject } from '../errors';
import { findCycles } from '../graph/DependencyGraph';
import { isServiceRef, type LoadedDefaults } from './loadDefaultFactories';
import type { SelectedFactories } from './selectFactories';
import {
  Slots,
  toNode,
  type Consumer,
  type ServiceDependency,
  type ServiceNode,
  type WritableNode,
} from './ServiceNode';
import { wellKnownProvider } from './wellKnownProvider';

/** How a faulty service was reached, and where its factory comes from. */
type FaultSite = { path?: readonly string[]; place?: string };
type Fault = (where: FaultSite) => EngineError;

/** All services that are provided, and what is wrong with their wiring. */
export class ServiceGraph {
  readonly nodes: readonly ServiceNode[];
  readonly #byId = new Map<string, ServiceNode[]>();
  readonly #dependencies = new Map<string, ServiceDependency[]>();
  readonly #loadedDefaults: LoadedDefaults;
  /** What is wrong with a node itself, worded once the way to it is known. */
  readonly #faults = new Map<ServiceNode, Fault[]>();
  /** Nodes with a fault, or from which one can be reached: for all others there is nothing to look for. */
  readonly #tainted = new Set<ServiceNode>();
  readonly #cycles = new Map<string, readonly ServiceNode[]>();

  constructor(
    selected: SelectedFactories,
    engineNodes: readonly ServiceNode[],
    loadedDefaults: LoadedDefaults,
    readonly slots = new Slots(),
  ) {
    this.#loadedDefaults = loadedDefaults;
    const nodes: WritableNode[] = [];
    for (const node of engineNodes) this.#byId.set(node.id, [node]);
    for (const [id, factories] of selected) {
      if (this.#byId.has(id)) continue;
      const made = factories.map(one => toNode(one, slots));
      for (const node of made) nodes.push(node);
      this.#byId.set(id, made);
    }
    for (const node of nodes) this.#link(node);
    this.nodes = [...engineNodes, ...nodes];
    this.#findCycles();
    this.#taint();
  }

  /** What provides a service; empty where nothing does. */
  providers(id: string): readonly ServiceNode[] {
    return this.#byId.get(id) ?? [];
  }

  get ids(): Iterable<string> {
    return this.#byId.keys();
  }

  /** Whether anything is wired wrongly; mostly nothing is, and then there is nothing to look for. */
  get hasFaults(): boolean {
    return this.#tainted.size > 0;
  }

  /** Whether a service, or one that it needs, is wired wrongly. */
  isFaulty(node: ServiceNode): boolean {
    return this.#tainted.has(node);
  }

  /** Cycles that none of the given nodes leads to, so that no consumer will report them. */
  cyclesOutside(reached: ReadonlySet<ServiceNode>): EngineError[] {
    return [...this.#cycles.values()]
      .filter(cycle => !cycle.some(node => reached.has(node)))
      .map(cycle => this.#cycleError(cycle, []));
  }

  /** Links a consumer's reference to what provides it, or words why it can't be. */
  dependency(name: string, ref: unknown, consumer: Consumer): ServiceDependency | EngineError {
    if (!isServiceRef(ref)) {
      const fields = { subject: consumer.subject, name, found: describe(ref) };
      return new EngineError('GR_DEPENDENCY_INVALID', fields, addedAt(consumer));
    }
    const dep = this.#dependency(name, ref.id, Boolean(ref.multiton));
    if (dep.providers.length === 0 && !dep.multiton)
      return this.#missing(ref.id, consumer.subject, addedAt(consumer));
    return dep;
  }

  /** Adds every fault that is reached through these dependencies, each once, with the path to it. Collects the nodes it passes. */
  addFaultsBehind(
    deps: readonly ServiceDependency[],
    consumer: Consumer,
    errors: EngineError[],
    reached: Set<ServiceNode> = new Set(),
  ): void {
    if (this.#tainted.size === 0) return;
    const path = [consumer.subject];
    const reported = new Set<unknown>();
    const queue = deps.flatMap(dep => dep.providers).map(node => ({ node, path }));
    const seen = new Set<ServiceNode>();
    for (const { node, path: before } of queue) {
      if (seen.has(node) || !this.#tainted.has(node)) continue;
      seen.add(node);
      reached.add(node);
      const here = [...before, subject('service', node.id)];
      for (const fault of this.#faults.get(node) ?? []) {
        if (!reported.has(fault)) errors.push(fault({ path: here, place: `factory from ${node.source}` }));
        reported.add(fault);
      }
      for (const dep of node.deps) queue.push(...dep.providers.map(next => ({ node: next, path: here })));
    }
  }

  #link(node: WritableNode): void {
    const { deps } = node.factory;
    for (const name in deps) {
      const ref: unknown = deps[name];
      if (!isServiceRef(ref)) {
        this.#addFault(node, invalidDependency(node, name, ref));
        continue;
      }
      const dep = this.#dependency(name, ref.id, Boolean(ref.multiton));
      if (dep.providers.length === 0 && !dep.multiton) this.#addFault(node, this.#missingFor(node, ref.id));
      const scope = dep.providers[0]?.scope ?? ref.scope;
      if (node.scope === 'root' && scope === 'plugin') this.#addFault(node, wrongScope(node, ref.id));
      node.deps.push(dep);
      if (scope === 'root') node.rootContext?.deps.push(dep);
    }
  }

  #missingFor(node: ServiceNode, id: string): Fault {
    return where => this.#missing(id, subject('service', node.id), where);
  }

  /** Thousands of consumers give the same service the same name: they share one object. */
  #dependency(name: string, id: string, multiton: boolean): ServiceDependency {
    const shared = this.#dependencies.get(id);
    if (shared) {
      for (let at = 0; at < shared.length; at++) {
        const known = shared[at]!;
        if (known.name === name && known.multiton === multiton) return known;
      }
    }
    const dep = { name, id, multiton, providers: this.providers(id) };
    if (shared) shared.push(dep);
    else this.#dependencies.set(id, [dep]);
    return dep;
  }

  #addFault(node: ServiceNode, fault: Fault): void {
    const faults = this.#faults.get(node);
    if (faults) faults.push(fault);
    else this.#faults.set(node, [fault]);
  }

  #findCycles(): void {
    const index = new Map(this.nodes.map((node, at) => [node, at]));
    const edges = this.nodes.map(node =>
      node.deps.flatMap(dep => dep.providers.map(next => index.get(next)!)),
    );
    for (const members of findCycles(edges)) {
      const cycle = members.map(at => this.nodes[at]!);
      this.#cycles.set(cycle[0]!.id, cycle);
      // One function for all members: whichever is reached first reports the cycle for them all.
      const fault = ({ path }: FaultSite) => this.#cycleError(cycle, path!);
      for (const node of cycle) this.#addFault(node, fault);
    }
  }

  #cycleError(cycle: readonly ServiceNode[], path: readonly string[]): EngineError {
    const links = cycle.map(node => `'${node.id}' (from ${node.source})`);
    return new EngineError('GR_SERVICE_CYCLE', { cycle: [...links, `'${cycle[0]!.id}'`] }, { path });
  }

  #missing(id: string, consumer: string, where: FaultSite): EngineError {
    const failed = this.#loadedDefaults.get(id);
    if (failed instanceof EngineError)
      return new EngineError('GR_DEFAULT_FACTORY_FAILED', failed.fields as never, {
        ...where,
        cause: failed.cause,
      });
    const fields = { subject: consumer, id, ...nearestId(id, this.ids), ...wellKnownProvider(id) };
    return new EngineError('GR_SERVICE_MISSING', fields, where);
  }

  #taint(): void {
    const consumers = new Map<ServiceNode, ServiceNode[]>();
    if (this.#faults.size === 0) return;
    for (const node of this.nodes) {
      for (const dep of node.deps) {
        for (const provider of dep.providers) {
          const known = consumers.get(provider);
          if (known) known.push(node);
          else consumers.set(provider, [node]);
        }
      }
    }
    const queue = [...this.#faults.keys()];
    for (const node of queue) {
      if (this.#tainted.has(node)) continue;
      this.#tainted.add(node);
      queue.push(...(consumers.get(node) ?? []));
    }
  }
}

function invalidDependency(node: ServiceNode, name: string, ref: unknown): Fault {
  const found = describe(ref);
  return where =>
    new EngineError('GR_DEPENDENCY_INVALID', { subject: subject('service', node.id), name, found }, where);
}

function wrongScope(node: ServiceNode, id: string): Fault {
  return where => new EngineError('GR_SERVICE_SCOPE', { subject: subject('service', node.id), id }, where);
}
