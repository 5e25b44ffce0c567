// Finds the workspace packages of a repository, with their manifests, in an order in which they can be built.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of this repository. */
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

/** The workspaces that are published, in other words all but the private ones. */
export function publishable(workspaces) {
  return workspaces.filter(workspace => !workspace.manifest.private);
}

/** Names of the workspaces that `workspace` needs at run time, and with that for its declarations too. */
export function workspaceDependencies(workspace, workspaces) {
  const { dependencies, peerDependencies } = workspace.manifest;
  const wanted = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  return workspaces.filter(other => wanted.has(other.name));
}

/** Orders workspaces so that each one comes after those it depends on; a cycle is an error that shows it. */
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
