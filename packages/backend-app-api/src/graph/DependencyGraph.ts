// A directed graph over numbered nodes: finds every cycle's witness, and runs nodes in order. Knows nothing of services or plugins.
import { isPromise } from './isPromise';

/** `edges[n]` lists the nodes that node `n` waits for. */
export type Edges = ReadonlyArray<readonly number[]>;

/**
 * Finds cycles: one witness for each strongly connected group of nodes, as the list of nodes along it, starting at the
 * lowest number. Iterative, because a chain may be longer than the stack is deep.
 */
export function findCycles(edges: Edges): number[][] {
  const cycles: number[][] = [];
  for (const group of cyclicGroups(edges)) {
    cycles.push(shortestCycle(edges, group));
  }
  return cycles.sort((a, b) => a[0]! - b[0]!);
}

/** Tarjan's algorithm with an explicit stack; returns only groups that contain a cycle. */
function cyclicGroups(edges: Edges): number[][] {
  const order = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const onPath = new Uint8Array(edges.length);
  const nextEdge = new Int32Array(edges.length);
  const path: number[] = [];
  const groups: number[][] = [];
  let counter = 0;

  for (let root = 0; root < edges.length; root++) {
    if (order[root] !== -1) continue;
    const calls = [root];
    while (calls.length > 0) {
      const node = calls[calls.length - 1]!;
      if (order[node] === -1) {
        order[node] = low[node] = counter++;
        path.push(node);
        onPath[node] = 1;
      }
      const target = edges[node]![nextEdge[node]!++];
      if (target !== undefined) {
        if (order[target] === -1) calls.push(target);
        else if (onPath[target]) low[node] = Math.min(low[node]!, order[target]!);
        continue;
      }
      calls.pop();
      const caller = calls[calls.length - 1];
      if (caller !== undefined) low[caller] = Math.min(low[caller]!, low[node]!);
      if (low[node] === order[node]) {
        const group = path.splice(path.lastIndexOf(node));
        for (const member of group) onPath[member] = 0;
        if (group.length > 1 || edges[node]!.includes(node)) groups.push(group);
      }
    }
  }
  return groups;
}

/** The shortest way from the group's lowest node back to itself, within the group. */
function shortestCycle(edges: Edges, group: readonly number[]): number[] {
  const start = Math.min(...group);
  const inGroup = new Set(group);
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const target of edges[node]!) {
      if (target === start) {
        const cycle = [node];
        for (let at = node; at !== start;) {
          at = cameFrom.get(at)!;
          cycle.unshift(at);
        }
        return cycle;
      }
      if (inGroup.has(target) && !cameFrom.has(target)) {
        cameFrom.set(target, node);
        queue.push(target);
      }
    }
  }
  return [start];
}

/**
 * Calls `run` once for every node, as soon as all the nodes it waits for are done; independent nodes run at the same
 * time. `run` must not fail. Returns a promise only if any `run` did. Nodes on a cycle are never run.
 */
export function runInOrder(edges: Edges, run: (node: number) => void | Promise<void>): void | Promise<void> {
  const waiting = edges.map(targets => targets.length);
  const dependents: number[][] = edges.map(() => []);
  edges.forEach((targets, node) => targets.forEach(target => dependents[target]!.push(node)));
  const pending: Promise<void>[] = [];

  const start = (first: number): void | Promise<void> => {
    const ready = [first];
    const branches: Promise<void>[] = [];
    for (const node of ready) {
      const result = run(node);
      if (isPromise(result)) branches.push(result.then(() => settle(release(node))));
      else ready.push(...release(node));
    }
    if (branches.length > 0) return Promise.all(branches).then(() => {});
  };
  const release = (done: number): number[] => dependents[done]!.filter(next => --waiting[next]! === 0);
  const settle = (nodes: number[]): void | Promise<void> => {
    const branches = nodes.map(start).filter(isPromise);
    if (branches.length > 0) return Promise.all(branches).then(() => {});
  };

  for (let node = 0; node < edges.length; node++) {
    if (edges[node]!.length > 0) continue;
    const result = start(node);
    if (isPromise(result)) pending.push(result);
  }
  if (pending.length > 0) return Promise.all(pending).then(() => {});
}
