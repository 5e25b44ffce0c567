// What is wrong with how services are wired, told to whoever depends on them, with the way to it.
import { describe, EngineError, subject } from '../errors';
import { findCycles } from '../graph/DependencyGraph';
import type { Consumer, ServiceDependency, ServiceNode } from './ServiceNode';

/** How a faulty service was reached, and where its factory comes from. */
export interface FaultSite {
  readonly path?: readonly string[];
  readonly place?: string;
}

/** What is wrong, worded once the way to it is known. */
export type Fault = (where: FaultSite) => EngineError;

/** The faults of one graph. */
export class ServiceFaults {
  readonly #own = new Map<ServiceNode, Fault[]>();
  /** Nodes with a fault, or from which one can be reached: for all others there is nothing to look for. */
  readonly #tainted = new Set<ServiceNode>();
  #cycles: ReadonlyArray<readonly ServiceNode[]> = [];

  /** Whether anything is wired wrongly; mostly nothing is. */
  get isEmpty(): boolean {
    return this.#tainted.size === 0;
  }

  /** Whether a service, or one that it needs, is wired wrongly. */
  isFaulty(node: ServiceNode): boolean {
    return this.#tainted.has(node);
  }

  /** Adds what is wrong with a node itself. */
  add(node: ServiceNode, fault: Fault): void {
    const faults = this.#own.get(node);
    if (faults) faults.push(fault);
    else this.#own.set(node, [fault]);
  }

  /** Called once, when all that is wrong with single nodes was added: finds cycles, and whom each fault concerns. */
  close(nodes: readonly ServiceNode[]): void {
    if (hasCycle(nodes)) this.#addCycles(nodes);
    if (this.#own.size > 0) this.#taint(nodes);
  }

  /** Cycles that none of the given nodes leads to, so that no consumer will report them. */
  cyclesOutside(reached: ReadonlySet<ServiceNode>): EngineError[] {
    return this.#cycles
      .filter(cycle => !cycle.some(node => reached.has(node)))
      .map(cycle => cycleError(cycle, []));
  }

  /** Adds to `errors` every fault that is reached through these dependencies, each once, with the path to it. Collects the nodes it passes. */
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
      // One function for all members: whichever is reached first reports the cycle for them all.
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

/** Whether any service depends on itself. Iterative, because a chain may be longer than the stack is deep. */
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

/** The fault of a dependency that is no reference. */
export function invalidDependency(node: ServiceNode, name: string, ref: unknown): Fault {
  const found = describe(ref);
  return where =>
    new EngineError('GR_DEPENDENCY_INVALID', { subject: subject('service', node.id), name, found }, where);
}

/** The fault of a root service that depends on one of each plugin. */
export function wrongScope(node: ServiceNode, id: string): Fault {
  return where => new EngineError('GR_SERVICE_SCOPE', { subject: subject('service', node.id), id }, where);
}
