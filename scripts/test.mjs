// `npm test`: installs the dependencies if needed, then runs jest in this process with the given arguments.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installWhenNeeded } from './lib/installWhenNeeded.mjs';
import { repositoryRoot } from './lib/workspaces.mjs';

if (await installWhenNeeded()) {
  process.env.NODE_ENV ??= 'test';
  process.chdir(repositoryRoot);
  const jest = createRequire(join(repositoryRoot, 'package.json'))('jest');
  await jest.run(process.argv.slice(2));
} else {
  process.exitCode = 1;
}
