// Creates an installation of this repository in which some packages are missing, as if they had never been installed.
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './runExample';

const repositoryRoot = join(__dirname, '../../../..');

/** Resolves to the entry point of the example backend in it. */
export async function installationWithout(...missing: readonly string[]): Promise<string> {
  const folder = await makeFolder();
  const nodeModules = join(folder, 'node_modules');
  await mkdir(join(nodeModules, '@greenroom'), { recursive: true });

  const installed = await readdir(join(repositoryRoot, 'node_modules'));
  const linked = installed.filter(
    name => !name.startsWith('.') && name !== '@greenroom' && !missing.includes(name),
  );
  await Promise.all([
    ...linked.map(name => symlink(join(repositoryRoot, 'node_modules', name), join(nodeModules, name))),
    ...['packages', 'plugins'].map(workspaces =>
      copySources(join(repositoryRoot, workspaces), join(folder, workspaces)),
    ),
    linkWorkspaces(join(nodeModules, '@greenroom'), folder),
  ]);
  return join(folder, 'packages/example-backend/src/index.ts');
}

function copySources(from: string, to: string): Promise<void> {
  const left = /[\\/](node_modules|dist)$|\.test\.ts$/;
  return cp(from, to, { recursive: true, filter: source => !left.test(source) });
}

/** Links to the copied workspaces, like this repository links to the originals. */
async function linkWorkspaces(scope: string, folder: string): Promise<void> {
  const names = await readdir(join(repositoryRoot, 'node_modules/@greenroom'));
  await Promise.all(
    names.map(name => {
      const plugin = /^plugin-(.+)/.exec(name)?.[1];
      return symlink(join(folder, plugin ? `plugins/${plugin}` : `packages/${name}`), join(scope, name));
    }),
  );
}
