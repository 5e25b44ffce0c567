// Runs commands in the order of their dependencies, two in parallel, and collects their output.
import { spawn } from 'node:child_process';

/**
 * Runs `steps` (`{ name, command, cwd?, after? }`), at most two in parallel; `after` names steps that must have
 * passed before. Calls `onDone` with each outcome: `{ step, status, seconds, output }`, where `status` is `passed`,
 * `failed`, or `skipped` if a step it depends on did not pass. Resolves to all outcomes in the order in which they
 * finished.
 */
export async function runSteps(steps, { onDone = () => {} } = {}) {
  const outcomes = new Map();
  const waiting = [...steps];
  const running = new Set();

  const settle = outcome => {
    outcomes.set(outcome.step.name, outcome);
    onDone(outcome);
  };

  while (waiting.length > 0 || running.size > 0) {
    const index = waiting.findIndex(({ after = [] }) => after.every(name => outcomes.has(name)));
    if (index >= 0 && running.size < 2) {
      const [step] = waiting.splice(index, 1);
      if ((step.after ?? []).some(name => outcomes.get(name).status !== 'passed')) {
        settle({ step, status: 'skipped', seconds: 0, output: '' });
        continue;
      }
      const run = runStep(step).then(outcome => {
        running.delete(run);
        settle(outcome);
      });
      running.add(run);
    } else if (running.size > 0) {
      await Promise.race(running);
    } else {
      throw new Error(
        `These steps wait for one another, or for a step that does not exist: ${names(waiting)}`,
      );
    }
  }
  return [...outcomes.values()];
}

/** Runs a single step. A command that cannot be started is a failed step. */
export function runStep(step) {
  const begin = performance.now();
  const [command, ...args] = step.command;
  return new Promise(resolve => {
    const output = [];
    const child = spawn(command, args, {
      cwd: step.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npx is a batch file on Windows, which can only be started through a shell.
      shell: process.platform === 'win32' && command === 'npx',
    });
    const end = (passed, note = '') =>
      resolve({
        step,
        status: passed ? 'passed' : 'failed',
        seconds: (performance.now() - begin) / 1000,
        output: Buffer.concat(output).toString() + note,
      });
    child.stdout.on('data', chunk => output.push(chunk));
    child.stderr.on('data', chunk => output.push(chunk));
    child.on('error', error => end(false, `${command} could not be started: ${error.message}\n`));
    child.on('close', (code, signal) => end(code === 0, signal ? `ended by ${signal}\n` : ''));
  });
}

function names(steps) {
  return steps.map(({ name }) => name).join(', ');
}
