// A directed graph over numbered nodes: finds cycles, and runs nodes in order. Knows nothing of services or plugins.
import { isPromise } from './isPromise';

/** `edges[n]` lists the nodes that node `n` waits for. */
export type Edges = ReadonlyArray<readonly number[]>;

/**
 * Finds cycles that have no node in common: for each, the shortest one through its lowest node, as a list from that
 * node on. Iterative, because a chain may be longer than the call stack.
 */
export function findCycles(edges: Edges): number[][] {
  const left = new Set(edges.keys());
  void runInOrder(edges, node => void left.delete(node));
  const cycles: number[][] = [];
  for (const start of left) {
    const cycle = shortestCycle(edges, start, left);
    if (cycle.length > 0) cycles.push(cycle);
    // A node without a cycle only waits for one.
    for (const node of [start, ...cycle]) left.delete(node);
  }
  return cycles;
}

/** The shortest path from a node back to itself within `nodes`; empty if there is none. */
function shortestCycle(edges: Edges, start: number, nodes: ReadonlySet<number>): number[] {
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const target of edges[node]!) {
      if (!nodes.has(target) || cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
    if (cameFrom.has(start)) break;
  }
  if (!cameFrom.has(start)) return [];
  const backwards = [cameFrom.get(start)!];
  while (backwards.at(-1) !== start) backwards.push(cameFrom.get(backwards.at(-1)!)!);
  return backwards.reverse();
}

/**
 * Calls `run` once per node, as soon as all nodes that it waits for are done; independent nodes run in parallel.
 * `run` must not fail. Returns a promise only if some `run` did. Nodes on a cycle, or behind one, never run.
 */
export function runInOrder(edges: Edges, run: (node: number) => void | Promise<void>): void | Promise<void> {
  const waiting = edges.map(targets => targets.length);
  const dependents: number[][] = edges.map(() => []);
  edges.forEach((targets, node) => targets.forEach(target => dependents[target]!.push(node)));

  const release = (done: number): number[] => dependents[done]!.filter(next => --waiting[next]! === 0);
  const runAll = (ready: number[]): void | Promise<void> => {
    const pending: Promise<void>[] = [];
    // Grows during iteration: the dependents of a synchronous node are ready at once.
    for (const node of ready) {
      const result = run(node);
      if (isPromise(result)) pending.push(result.then(() => runAll(release(node))));
      else ready.push(...release(node));
    }
    if (pending.length > 0) return Promise.all(pending).then(() => {});
  };
  return runAll([...edges.keys()].filter(node => edges[node]!.length === 0));
}
