// Installs the dependencies if node_modules no longer matches the lockfile, the manifests or this version of Node.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkspaces, repositoryRoot } from './workspaces.mjs';
import { runYarn, yarnCommand } from './yarn.mjs';

const dependencyFields = [
  'name',
  'packageManager',
  'workspaces',
  'resolutions',
  'bin',
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optionalDependencies',
  'dependenciesMeta',
];

/**
 * Makes sure that node_modules is up to date. This takes a few milliseconds if it is; otherwise runs the pinned yarn
 * and records the result in a stamp file. If installing fails, prints the reason and what to do, and returns false.
 */
export async function installWhenNeeded(root = repositoryRoot) {
  const fingerprint = installFingerprint(root);
  const reason = whyInstall(root, fingerprint);
  if (!reason) return true;

  console.error(`Installing dependencies with yarn: ${reason}. A first install takes a minute or two.`);
  // Or what an aborted install leaves would pass for the previous one, once the lockfile is as it was then.
  rmSync(stampFile(root), { force: true });
  const begin = Date.now();
  const failure = await install(root);
  if (failure) {
    console.error(`\nThe dependencies could not be installed: ${failure}.`);
    console.error(
      'Its output is above. Check that the npm registry is reachable and that there is disk space, then run the same command again.',
    );
    console.error(
      `If it says that the lockfile would be modified, a package.json changed without it: run \`${yarnCommand(['install'], root).join(' ')}\` once.`,
    );
    return false;
  }
  writeFileSync(stampFile(root), fingerprint);
  console.error(`Dependencies installed in ${Math.round((Date.now() - begin) / 1000)} s.\n`);
  return true;
}

async function install(root) {
  try {
    const code = await runYarn(['install', '--immutable'], root);
    return code === 0 ? undefined : `yarn install ended with exit code ${code}`;
  } catch (error) {
    return error.code === 'ENOENT' ? 'npx was not found; it comes with npm, beside node' : error.message;
  }
}

function whyInstall(root, fingerprint) {
  if (!existsSync(join(root, 'node_modules'))) return 'there is no node_modules yet';
  if (!existsSync(stampFile(root))) return 'the last install was not finished, or not made by this command';
  const installed = readFileSync(stampFile(root), 'utf8');
  if (installed === fingerprint) return undefined;
  return installed.split(' ')[0] === fingerprint.split(' ')[0]
    ? 'Node or the platform changed since the last one'
    : 'the lockfile or a package.json changed since the last one';
}

function stampFile(root) {
  return join(root, 'node_modules', '.greenroom-installed');
}

// Native modules are compiled for an ABI and platform, so these matter as much as the lockfile.
function installFingerprint(root) {
  const hash = createHash('sha256');
  for (const file of ['yarn.lock', '.yarnrc.yml']) hash.update(readFileSync(join(root, file)));
  const manifests = [JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))];
  for (const { manifest } of readWorkspaces(root)) manifests.push(manifest);
  for (const manifest of manifests) {
    hash.update(JSON.stringify(dependencyFields.map(field => manifest[field] ?? null)));
  }
  return `${hash.digest('hex')} ${process.versions.modules}-${process.platform}-${process.arch}`;
}
