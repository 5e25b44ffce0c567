// `npm run example:scaffold`: runs the terminal client of the scaffolder from its TypeScript sources.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { absoluteFileArgs } from './lib/absoluteFileArgs.mjs';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

const entry = join(repositoryRoot, 'packages/example-backend/src/scaffold/index.ts');
const args = absoluteFileArgs(process.argv.slice(2), ['--values', '--secrets']);

if (await installWhenNeeded()) {
  const child = spawn(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', entry, ...args],
    { cwd: repositoryRoot, stdio: 'inherit' },
  );
  // The terminal also sends Ctrl-C to the client, which decides what to do.
  process.on('SIGINT', () => {});
  child.on('exit', code => process.exit(code ?? 1));
} else {
  process.exitCode = 1;
}
