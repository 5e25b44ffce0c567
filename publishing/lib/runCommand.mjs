// Runs a command to its end, keeping its output for the case that it fails.
import { spawn } from 'node:child_process';

const running = new Set();
process.on('exit', () => running.forEach(endGroup));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Resolves to the output. Rejects with the output if the command fails, or takes longer than `timeoutMs` and is killed. */
export function runCommand(command, args, { cwd, env = {}, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, because processes that the command started could outlive it and keep its output open.
      detached: true,
    });
    running.add(child);
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child);
    }, timeoutMs);
    const output = () => Buffer.concat(chunks).toString();
    child.on('error', error => {
      running.delete(child);
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      clearTimeout(timer);
      if (code === 0) resolve(output());
      else {
        const ended = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        const how = timedOut ? `did not end within ${timeoutMs / 1000} s` : ended;
        reject(new Error(`\`${[command, ...args].join(' ')}\` ${how}:\n${output()}`));
      }
    });
  });
}

function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It never started, or has just ended.
  }
}
