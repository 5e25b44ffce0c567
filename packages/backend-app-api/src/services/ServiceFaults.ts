// Finds what is wrong with the wiring of services, and reports it to their consumers, with the path.
import { describe, EngineError, subject } from '../errors';
import { findCycles } from '../graph/DependencyGraph';
import type { Consumer, ServiceDependency, ServiceNode } from './ServiceNode';

/** How a faulty service was reached, and where its factory comes from. */
export interface FaultSite {
  readonly path?: readonly string[];
  readonly place?: string;
}

/** A fault, worded once the path to it is known. */
export type Fault = (where: FaultSite) => EngineError;

/** The faults of one graph. */
export class ServiceFaults {
  readonly #own = new Map<ServiceNode, Fault[]>();
  /** Nodes that have a fault or lead to one; all others need not be searched. */
  readonly #tainted = new Set<ServiceNode>();
  #cycles: ReadonlyArray<readonly ServiceNode[]> = [];

  /** Whether everything is wired correctly, which is the usual case. */
  get isEmpty(): boolean {
    return this.#tainted.size === 0;
  }

  /** Whether a service, or one of its direct or indirect dependencies, is wired wrongly. */
  isFaulty(node: ServiceNode): boolean {
    return this.#tainted.has(node);
  }

  /** Adds a fault of the node itself. */
  add(node: ServiceNode, fault: Fault): void {
    const faults = this.#own.get(node);
    if (faults) faults.push(fault);
    else this.#own.set(node, [fault]);
  }

  /** Called once, after the faults of single nodes were added: finds cycles, and the nodes that each fault affects. */
  close(nodes: readonly ServiceNode[]): void {
    if (hasCycle(nodes)) this.#addCycles(nodes);
    if (this.#own.size > 0) this.#taint(nodes);
  }

  /** The cycles that none of the given nodes leads to, which no consumer would report. */
  cyclesOutside(reached: ReadonlySet<ServiceNode>): EngineError[] {
    return this.#cycles
      .filter(cycle => !cycle.some(node => reached.has(node)))
      .map(cycle => cycleError(cycle, []));
  }

  /** Adds every fault behind these dependencies to `errors`, with its path, and faulty nodes on the way to `reached`. */
  addBehind(
    deps: readonly ServiceDependency[],
    consumer: Consumer,
    errors: EngineError[],
    reached: Set<ServiceNode> = new Set(),
  ): void {
    if (this.isEmpty) return;
    const path = [consumer.subject];
    const reported = new Set<unknown>();
    const queue = deps.flatMap(dep => dep.providers).map(node => ({ node, path }));
    const seen = new Set<ServiceNode>();
    for (const { node, path: before } of queue) {
      if (seen.has(node) || !this.#tainted.has(node)) continue;
      seen.add(node);
      reached.add(node);
      const here = [...before, subject('service', node.id)];
      for (const fault of this.#own.get(node) ?? []) {
        if (!reported.has(fault)) errors.push(fault({ path: here, place: `factory from ${node.source}` }));
        reported.add(fault);
      }
      for (const dep of node.deps) for (const next of dep.providers) queue.push({ node: next, path: here });
    }
  }

  #addCycles(nodes: readonly ServiceNode[]): void {
    const index = new Map(nodes.map((node, at) => [node, at]));
    const edges = nodes.map(({ deps }) => deps.flatMap(dep => dep.providers.map(next => index.get(next)!)));
    this.#cycles = findCycles(edges).map(cycle => cycle.map(at => nodes[at]!));
    for (const cycle of this.#cycles) {
      // All members share one function: whichever is reached first reports the cycle for all of them.
      const fault = ({ path }: FaultSite) => cycleError(cycle, path!);
      for (const node of cycle) this.add(node, fault);
    }
  }

  #taint(nodes: readonly ServiceNode[]): void {
    const consumers = new Map(nodes.map(node => [node, [] as ServiceNode[]]));
    for (const node of nodes)
      for (const dep of node.deps) for (const provider of dep.providers) consumers.get(provider)!.push(node);
    const queue = [...this.#own.keys()];
    for (const node of queue) {
      if (this.#tainted.has(node)) continue;
      this.#tainted.add(node);
      for (const consumer of consumers.get(node)!) queue.push(consumer);
    }
  }
}

/** Whether any service depends on itself. Iterative, because a chain may be longer than the call stack. */
function hasCycle(nodes: readonly ServiceNode[]): boolean {
  const stack = [...nodes];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (node.visit !== 'new') {
      node.visit = 'done';
      stack.pop();
      continue;
    }
    node.visit = 'open';
    for (let at = 0; at < node.deps.length; at++) {
      const { providers } = node.deps[at]!;
      for (let one = 0; one < providers.length; one++) {
        const next = providers[one]!;
        if (next.visit === 'open') return true;
        if (next.visit === 'new') stack.push(next);
      }
    }
  }
  return false;
}

function cycleError(cycle: readonly ServiceNode[], path: readonly string[]): EngineError {
  const links = cycle.map(node => `'${node.id}' (from ${node.source})`);
  return new EngineError('GR_SERVICE_CYCLE', { cycle: [...links, `'${cycle[0]!.id}'`] }, { path });
}

/** The fault of a dependency that is not a reference. */
export function invalidDependency(node: ServiceNode, name: string, ref: unknown): Fault {
  const found = describe(ref);
  return where =>
    new EngineError('GR_DEPENDENCY_INVALID', { subject: subject('service', node.id), name, found }, where);
}

/** The fault of a root service that depends on a plugin service. */
export function wrongScope(node: ServiceNode, id: string): Fault {
  return where => new EngineError('GR_SERVICE_SCOPE', { subject: subject('service', node.id), id }, where);
}
