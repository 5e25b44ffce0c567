// Runs one command to its end, with its output kept for when it fails.
import { spawn } from 'node:child_process';

/** Resolves to the output; rejects with it where the command fails or takes longer than `timeoutMs`. */
export function runCommand(command, args, { cwd, env = {}, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const output = () => Buffer.concat(chunks).toString();
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output());
      else {
        const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        reject(new Error(`\`${[command, ...args].join(' ')}\` ${how}:\n${output()}`));
      }
    });
  });
}
