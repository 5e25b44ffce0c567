// `npm start`: installs the dependencies if needed, then runs the example backend from its TypeScript sources.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { absoluteFileArgs } from './lib/absoluteFileArgs.mjs';
import { onStopSignals } from './lib/stopSignals.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

const entry = join(repositoryRoot, 'packages/example-backend/src/index.ts');
const followParent = new URL('./lib/followParent.mjs', import.meta.url).href;
const windows = process.platform === 'win32';

if (await installWhenNeeded()) run();
else process.exitCode = 1;

function run() {
  const args = absoluteFileArgs(process.argv.slice(2), ['--config']);
  const child = spawn(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', '--import', followParent, entry, ...args],
    {
      cwd: repositoryRoot,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      // Ctrl-C reaches this process from the terminal and once more from npm. In a process group of its own, the
      // backend gets neither directly, so that it sees exactly one signal: the one forwarded below.
      detached: !windows,
    },
  );
  child.on('error', error => {
    console.error(`The example backend could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal) console.error(`The example backend was ended by ${signal}.`);
    process.exit(code ?? 1);
  });
  // On Windows, Ctrl-C reaches the backend directly.
  onStopSignals(signal => (windows && signal === 'SIGINT') || child.kill(signal));
}
