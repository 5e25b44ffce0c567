// Publishes the committed state of this repository to a registry, with the same command as a real release.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packWorkspaces } from '../../scripts/lib/packWorkspaces.mjs';
import { repositoryRoot } from '../../scripts/lib/workspaces.mjs';
import { yarnCommand } from '../../scripts/lib/yarn.mjs';
import { runCommand } from './runCommand.mjs';

/** Works in a clone below `folder`, because a release writes versions. Resolves to the folders `{ clone, tarballs }`. */
export async function publishRelease({ folder, registry, onStep }) {
  const clone = join(folder, 'clone');
  const tarballs = join(folder, 'tarballs');
  onStep('clone and install');
  await runCommand('git', ['clone', '--quiet', repositoryRoot, clone]);
  await runCommand(...split(yarnCommand(['install', '--immutable', '--mode=skip-build'], clone)), {
    cwd: clone,
  });
  onStep('version, build, publish');
  await runCommand(process.execPath, ['scripts/release.mjs', '--yes', '--skip-checks'], {
    cwd: clone,
    env: {
      YARN_NPM_REGISTRY_SERVER: registry.url,
      // Somebody who releases may have set it in the yarn configuration of their home folder.
      YARN_NPM_PUBLISH_REGISTRY: registry.url,
      YARN_NPM_AUTH_TOKEN: registry.token,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    },
    // It includes building all packages with their declarations.
    timeoutMs: 40 * 60_000,
  });
  onStep('pack');
  mkdirSync(tarballs);
  await packWorkspaces(tarballs, clone);
  rmSync(join(clone, 'node_modules'), { recursive: true });
  return { clone, tarballs };
}

function split([command, ...args]) {
  return [command, args];
}
