// Derives the entry points of a package from its folders: the single source for exports maps, builds and API reports.
import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/**
 * Entry points of a package as `{ subpath, name, source }`, starting with the package itself.
 *
 * `greenroom.entries` in the manifest lists folders under `src` that become subpaths; `folder/*` stands for each
 * folder in it that has an `index.ts`. The subpath is the name of the last folder.
 */
export function packageEntries(workspace) {
  const src = join(workspace.dir, 'src');
  if (!existsSync(join(src, 'index.ts'))) {
    throw new Error(`${workspace.path} has no src/index.ts, which every published package needs`);
  }
  const folders = (workspace.manifest.greenroom?.entries ?? []).flatMap(pattern =>
    expand(workspace, pattern),
  );
  const entries = [{ subpath: '.', name: 'index', source: 'src/index.ts' }];
  for (const folder of [...new Set(folders)]) {
    const name = folder.split('/').at(-1);
    const taken = entries.find(entry => entry.name === name);
    if (taken) {
      throw new Error(
        `${workspace.path}: src/${folder}/index.ts and ${taken.source} both ask for the subpath ./${name}; rename a folder`,
      );
    }
    entries.push({ subpath: `./${name}`, name, source: `src/${folder}/index.ts` });
  }
  return entries;
}

/** Commands of a package as `{ name, source }`, from `greenroom.commands` in the manifest, which maps names to source files. */
export function packageCommands({ dir, path, manifest }) {
  return Object.entries(manifest.greenroom?.commands ?? {}).map(([name, source]) => {
    if (!existsSync(join(dir, source))) {
      throw new Error(`${path}/package.json: greenroom.commands names '${source}', which does not exist`);
    }
    return { name, source };
  });
}

/**
 * Programs that a package runs in separate processes, as build entries. They are not imported, so they have no
 * subpath.
 *
 * `greenroom.programs` in the manifest lists files under `src`. Each is built to a file of the same name at the top
 * of `dist`.
 */
export function packagePrograms({ dir, manifest, path }) {
  return (manifest.greenroom?.programs ?? []).map(file => {
    if (!existsSync(join(dir, 'src', file))) {
      throw new Error(
        `${path}/package.json: greenroom.programs names '${file}', but src/${file} does not exist`,
      );
    }
    return { name: basename(file, extname(file)), source: `src/${file}` };
  });
}

function expand(workspace, pattern) {
  const src = join(workspace.dir, 'src');
  const isEntry = folder => existsSync(join(src, folder, 'index.ts'));
  if (!pattern.endsWith('/*')) {
    if (isEntry(pattern)) return [pattern];
    throw new Error(
      `${workspace.path}/package.json: greenroom.entries names '${pattern}', but src/${pattern}/index.ts does not exist`,
    );
  }
  const parent = pattern.slice(0, -2);
  if (!existsSync(join(src, parent))) {
    throw new Error(
      `${workspace.path}/package.json: greenroom.entries names '${pattern}', but src/${parent} does not exist`,
    );
  }
  return readdirSync(join(src, parent))
    .map(name => `${parent}/${name}`)
    .filter(isEntry)
    .sort();
}
