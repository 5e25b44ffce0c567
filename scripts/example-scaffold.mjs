// `npm run example:scaffold`: runs the terminal client of the scaffolder from its TypeScript sources.
import { spawn } from 'node:child_process';
import { resolve, join } from 'node:path';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

const entry = join(repositoryRoot, 'packages/example-backend/src/scaffold/index.ts');
// File names are relative to where the command was entered.
const from = process.env.INIT_CWD ?? process.cwd();
const args = process.argv
  .slice(2)
  .map((arg, at, all) => (['--values', '--secrets'].includes(all[at - 1]) ? resolve(from, arg) : arg));

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
