// Finds which services are wired wrongly, and reports that to their consumers, with the path.
import { EngineError, subject } from '../errors';
import { findCycles } from '../graph/DependencyGraph';
import type { Consumer, FaultSite, ServiceDependency, ServiceNode } from './ServiceNode';

/** Called once all nodes are linked: decides for each whether it is sound. Returns the cycles among them. */
export function markFaulty(nodes: readonly ServiceNode[]): ServiceNode[][] {
  if (!markEach(nodes)) return [];
  const index = new Map(nodes.map((node, at) => [node, at]));
  const edges = nodes.map(({ deps }) => deps.flatMap(dep => dep.providers.map(next => index.get(next)!)));
  const cycles = findCycles(edges).map(cycle => cycle.map(at => nodes[at]!));
  for (const cycle of cycles) {
    // All members share one function: whichever is reached first reports the cycle for all of them.
    const fault = ({ path }: FaultSite) => cycleError(cycle, path!);
    for (const node of cycle) node.faults.push(fault);
  }
  return cycles;
}

/**
 * Decides each node after its dependencies. Returns whether there is a cycle. Iterative, because a chain may be longer
 * than the call stack.
 */
function markEach(nodes: readonly ServiceNode[]): boolean {
  let hasCycle = false;
  const stack = [...nodes];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const isFirstVisit = node.wiring === 'new';
    if (isFirstVisit) node.wiring = 'open';
    let isSound = node.faults.length === 0;
    for (const { providers } of node.deps) {
      for (const next of providers) {
        if (next.wiring !== 'sound') isSound = false;
        if (isFirstVisit && next.wiring === 'open') hasCycle = true;
        if (isFirstVisit && next.wiring === 'new') stack.push(next);
      }
    }
    if (isFirstVisit) continue;
    if (node.wiring === 'open') node.wiring = isSound ? 'sound' : 'faulty';
    stack.pop();
  }
  return hasCycle;
}

/** Every fault behind these dependencies, with its path from the consumer. */
export function faultsBehind(deps: readonly ServiceDependency[], consumer: Consumer): EngineError[] {
  const errors: EngineError[] = [];
  const path = [consumer.subject];
  const reported = new Set<unknown>();
  const queue = deps.flatMap(dep => dep.providers).map(node => ({ node, path }));
  const seen = new Set<ServiceNode>();
  for (const { node, path: before } of queue) {
    if (seen.has(node) || node.wiring === 'sound') continue;
    seen.add(node);
    node.isReported = true;
    const here = [...before, subject('service', node.id)];
    for (const fault of node.faults) {
      if (!reported.has(fault)) errors.push(fault({ path: here, place: `factory from ${node.source}` }));
      reported.add(fault);
    }
    for (const dep of node.deps) for (const next of dep.providers) queue.push({ node: next, path: here });
  }
  return errors;
}

/** The error for a cycle, reached by `path`. */
export function cycleError(cycle: readonly ServiceNode[], path: readonly string[]): EngineError {
  const links = cycle.map(node => `'${node.id}' (from ${node.source})`);
  return new EngineError('GR_SERVICE_CYCLE', { cycle: [...links, `'${cycle[0]!.id}'`] }, { path });
}
