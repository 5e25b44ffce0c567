// Finds the workspace packages of the repository with their manifests, in build order.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of this repository. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const workspaceFolders = ['packages', 'plugins'];

/** Reads every workspace package below `root`: `{ dir, path, name, manifest }`, sorted by path. */
export function readWorkspaces(root = repositoryRoot) {
  return workspaceFolders
    .filter(folder => existsSync(join(root, folder)))
    .flatMap(folder => readdirSync(join(root, folder)).map(name => `${folder}/${name}`))
    .filter(path => existsSync(join(root, path, 'package.json')))
    .sort()
    .map(path => {
      const dir = join(root, path);
      const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
      return { dir, path, name: manifest.name, manifest };
    });
}

/** The published workspaces, which are all except the private ones. */
export function publishable(workspaces) {
  return workspaces.filter(workspace => !workspace.manifest.private);
}

/** The workspaces that `workspace` needs at run time, and therefore also for its declarations. */
export function workspaceDependencies(workspace, workspaces) {
  const { dependencies, peerDependencies } = workspace.manifest;
  const wanted = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  return workspaces.filter(other => wanted.has(other.name));
}

/** The workspaces with these names, and all that they need at run time. Throws an error if there is no such workspace. */
export function withDependencies(names, workspaces) {
  const needed = new Set(
    names.map(name => {
      const named = workspaces.find(workspace => workspace.name === name);
      if (!named) throw new Error(`There is no package called '${name}'`);
      return named;
    }),
  );
  for (const workspace of needed) {
    for (const dependency of workspaceDependencies(workspace, workspaces)) needed.add(dependency);
  }
  return [...needed];
}

/** Sorts workspaces so that each comes after its dependencies. Throws an error that shows the cycle if there is one. */
export function inBuildOrder(workspaces) {
  const ordered = [];
  const visit = (workspace, path) => {
    if (ordered.includes(workspace)) return;
    if (path.includes(workspace)) {
      const cycle = [...path.slice(path.indexOf(workspace)), workspace].map(({ name }) => name);
      throw new Error(`Workspace packages depend on each other in a cycle: ${cycle.join(' -> ')}`);
    }
    for (const dependency of workspaceDependencies(workspace, workspaces)) {
      visit(dependency, [...path, workspace]);
    }
    ordered.push(workspace);
  };
  for (const workspace of workspaces) visit(workspace, []);
  return ordered;
}
