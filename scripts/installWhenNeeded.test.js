// Shows when dependencies are installed, with an npx that only says how an install went.
const { chmodSync, rmSync } = require('node:fs');
const { delimiter, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

let tree;

beforeEach(() => {
  tree = temporaryTree({
    'package.json': { packageManager: 'yarn@4.0.0' },
    'yarn.lock': 'one',
    '.yarnrc.yml': '',
    'node_modules/.keep': '',
  });
});

afterEach(() => tree.remove());

/** Whether the dependencies are there, and whether an install was tried; `ends` is the exit code of one. */
function install({ ends }) {
  tree.write('bin/npx', `#!/bin/sh\necho "npx $*"\nexit ${ends}\n`);
  chmodSync(join(tree.root, 'bin/npx'), 0o755);
  const module = pathToFileURL(join(repositoryRoot, 'scripts/lib/installWhenNeeded.mjs'));
  const { stdout, output } = tree.run(
    ...['--input-type=module', '--eval'],
    `process.env.PATH = ${JSON.stringify(join(tree.root, 'bin') + delimiter)} + process.env.PATH;
    const { installWhenNeeded } = await import('${module}');
    console.log(await installWhenNeeded(process.cwd()));`,
  );
  return {
    there: stdout.trim() === 'true',
    tried: output.includes('npx --yes @yarnpkg/cli-dist@4.0.0 install'),
  };
}

it('installs once, and again when the lockfile has changed or node_modules is gone', () => {
  expect(install({ ends: 0 })).toEqual({ there: true, tried: true });
  expect(install({ ends: 0 })).toEqual({ there: true, tried: false });
  tree.write('yarn.lock', 'two');
  expect(install({ ends: 0 })).toEqual({ there: true, tried: true });
  rmSync(join(tree.root, 'node_modules'), { recursive: true });
  expect(install({ ends: 1 })).toEqual({ there: false, tried: true });
});

it('does not take what a failed install left for that of the same lockfile before', () => {
  install({ ends: 0 });
  tree.write('yarn.lock', 'two');
  expect(install({ ends: 1 })).toEqual({ there: false, tried: true });
  tree.write('yarn.lock', 'one');
  expect(install({ ends: 0 })).toEqual({ there: true, tried: true });
});
