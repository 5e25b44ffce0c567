// `npm run config:check` and `config:print`: runs the `greenroom` command from its sources for the example backend.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { absoluteFileArgs } from './lib/absoluteFileArgs.mjs';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

if (await installWhenNeeded()) {
  const args = absoluteFileArgs(process.argv.slice(2), ['--config']);
  const main = join(repositoryRoot, 'packages/backend-defaults/src/cli/main.ts');
  const { status } = spawnSync(
    process.execPath,
    ['--conditions=greenroom-source', '--import', 'tsx', main, ...args],
    { cwd: join(repositoryRoot, 'packages/example-backend'), stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
} else {
  process.exitCode = 1;
}
