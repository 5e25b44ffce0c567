// Runs commands, keeping their output for the case that they fail. None outlives this process.
import { spawn } from 'node:child_process';

const running = new Set();
process.on('exit', () => running.forEach(pid => signalGroup(pid, 'SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/**
 * Starts a command. Returns `output()`, what it has printed so far, `ended`, which resolves to `{ code, signal }` and
 * rejects if it can't be started, and `kill(signal)`, which also reaches what the command has started itself.
 */
export function startCommand(command, args, { cwd, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, because processes that the command started could outlive it and keep its output open.
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk));
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(pid);
      resolve({ code, signal });
    });
  });
  return { ended, output: () => Buffer.concat(chunks).toString(), kill: signal => signalGroup(pid, signal) };
}

/** Resolves to the output. Rejects with the output if the command fails, or takes longer than `timeoutMs` and is killed. */
export async function runCommand(command, args, { cwd, env, timeoutMs = 600_000 } = {}) {
  const { ended, output, kill } = startCommand(command, args, { cwd, env });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    kill('SIGKILL');
  }, timeoutMs);
  const { code, signal } = await ended.finally(() => clearTimeout(timer));
  if (code === 0) return output();
  const how = timedOut
    ? `did not end within ${timeoutMs / 1000} s`
    : `ended with ${signal ?? `code ${code}`}`;
  throw new Error(`\`${[command, ...args].join(' ')}\` ${how}:\n${output()}`);
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
