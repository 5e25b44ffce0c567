// How each package manager installs from the temporary registry, and runs a program with the installed packages.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { yarnCommand } from '../../scripts/lib/yarn.mjs';
import { npmOptions } from './npmOptions.mjs';
import { runCommand } from './runCommand.mjs';

const pnpm = [fileURLToPath(new URL('../node_modules/.bin/pnpm', import.meta.url))];

/**
 * A list of `{ name, install({ folder, registry, cache }), run(folder, args, env) }`. `args` starts with `node` or a
 * program of an installed package.
 */
export const packageManagers = [
  {
    name: 'npm',
    async install({ folder, ...places }) {
      await runCommand('npm', ['install', ...npmOptions(places)], { cwd: folder });
    },
    run: (folder, args, env) => inFolder(folder, nodeOrNpx(args), env),
  },
  yarnWith('yarn, node_modules', 'node-modules'),
  yarnWith("yarn, Plug'n'Play", 'pnp'),
  {
    name: 'pnpm',
    async install({ folder, registry, cache }) {
      writeFileSync(join(folder, '.npmrc'), `registry=${registry}\nstore-dir=${cache}\n`);
      await inFolder(folder, [...pnpm, 'install', '--no-frozen-lockfile']);
    },
    run: (folder, args, env) => inFolder(folder, args[0] === 'node' ? args : [...pnpm, 'exec', ...args], env),
  },
];

function yarnWith(name, nodeLinker) {
  return {
    name,
    async install({ folder, registry, cache }) {
      const settings = {
        nodeLinker,
        enableTelemetry: false,
        enableImmutableInstalls: false,
        // The packages to install were published just a minute ago.
        npmMinimalAgeGate: 0,
        npmRegistryServer: registry,
        unsafeHttpWhitelist: ['127.0.0.1'],
        globalFolder: cache,
      };
      writeFileSync(join(folder, '.yarnrc.yml'), JSON.stringify(settings));
      // Without a lockfile of its own, yarn considers the folder part of the project above it.
      writeFileSync(join(folder, 'yarn.lock'), '');
      await inFolder(folder, yarnCommand(['install']));
    },
    run: (folder, args, env) =>
      inFolder(folder, yarnCommand(args[0] === 'node' ? args : ['run', ...args]), env),
  };
}

function nodeOrNpx(args) {
  return args[0] === 'node' ? args : ['npx', '--no-install', ...args];
}

function inFolder(folder, [command, ...args], env) {
  return runCommand(command, args, { cwd: folder, env });
}
