// Describes the machine that the numbers were taken on, without naming it.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** A single line: `Node 20.19.0, linux x64, 2 cores (...), 8 GB of memory`. */
export function describeMachine() {
  const [cpu] = cpus();
  const model = cpu?.model.trim() ? ` (${cpu.model.trim()})` : '';
  const memory = Math.round(totalmem() / 1024 ** 3);
  const cores = availableParallelism();
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cores} cores${model}, ${memory} GB of memory`;
}

/** How busy the machine is otherwise: `{ load, busy }`, the load average of the last minute and whether it is too high. */
export function machineLoad() {
  const [load] = loadavg();
  return { load, busy: load > availableParallelism() / 2 };
}
