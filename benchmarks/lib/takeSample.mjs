// Runs a sample in a fresh process and reads its measurements.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makers } from '../makers/makers.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const sampleFile = fileURLToPath(new URL('sample.mjs', import.meta.url));
const limitMs = 10 * 60_000;

/**
 * Returns `{ metrics, processMs }`: the metrics of a run, and the duration of its process. Throws with its output if
 * it failed.
 */
export function takeSample(scenario, makerId, size) {
  const args = scenario.script
    ? ['-e', scenario.script(makers[makerId])]
    : [...(scenario.nodeOptions ?? []), sampleFile, scenario.id, makerId, String(size)];
  const begin = performance.now();
  const child = spawnSync(process.execPath, args, {
    cwd: folder,
    env: sampleEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  const processMs = performance.now() - begin;
  if (child.error || child.status !== 0) throw sampleError(scenario, makerId, size, child);
  const metrics = scenario.script ? { wallMs: processMs } : JSON.parse(child.output[3].toString());
  // What is not a number has become null in JSON, which would count as zero, and so as the best of all.
  if (Object.values(metrics).includes(null)) {
    const error = new Error(`a metric is not a number: ${child.output[3]}`);
    throw sampleError(scenario, makerId, size, { ...child, error });
  }
  return { metrics, processMs };
}

/** The environment without the user's settings for Node, which must not affect the samples. */
export function sampleEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_'));
  return { ...Object.fromEntries(own), NODE_ENV: 'production' };
}

function sampleError(scenario, makerId, size, { error, status, signal, output }) {
  const how = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  const rerun = scenario.script ? '' : `\nAlone: npm run bench -- --only ${scenario.id} --rounds 1`;
  const name = [scenario.id, makerId, size].filter(part => part !== undefined).join(' ');
  return new Error(`The sample '${name}' failed (${how}).${rerun}\n${output?.[2] ?? ''}`);
}
