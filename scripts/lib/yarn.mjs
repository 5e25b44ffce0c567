// Runs the yarn version that is pinned in package.json through npx, so that neither a global yarn nor corepack is needed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './workspaces.mjs';

/** The command line for the pinned yarn with `args`, as `[command, ...args]`. */
export function yarnCommand(args, root = repositoryRoot) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = /^yarn@(\d+\.\d+\.\d+)/.exec(packageManager ?? '')?.[1];
  if (!version) {
    throw new Error(
      `package.json must pin yarn exactly, as "packageManager": "yarn@4.x.y"; found ${packageManager}`,
    );
  }
  return ['npx', '--yes', `@yarnpkg/cli-dist@${version}`, ...args];
}

/** Runs the pinned yarn; what it prints goes to standard error. Resolves to its exit code; rejects if npx cannot be started. */
export function runYarn(args, root = repositoryRoot) {
  const [command, ...rest] = yarnCommand(args, root);
  // npx is a batch file on Windows, which can only be started through a shell.
  const shell = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd: root,
      stdio: ['inherit', 2, 2],
      shell,
      env: buildEnvironment(),
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

// Native modules without a prebuilt binary are compiled. Most Node installations include the headers for that. Using
// them avoids a download from another host, which some networks don't allow.
function buildEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  if (process.env.npm_config_nodedir || !headersFit(join(prefix, 'include/node/node_version.h')))
    return process.env;
  return { ...process.env, npm_config_nodedir: prefix };
}

function headersFit(file) {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  const version = ['MAJOR', 'MINOR', 'PATCH'].map(
    part => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1],
  );
  return version.join('.') === process.versions.node;
}
