// Explains, at the top of a repository with workspaces, that the schemas of plugins can't be found from there.
import {
  packageFolderOf,
  readManifest,
  type PackageManifest,
} from '../services/rootConfig/schemas/findPackages';

/** One sentence; undefined if that is not the case. */
export function workspacesNote(cwd = process.cwd()): string | undefined {
  const folder = packageFolderOf(cwd);
  const manifest = folder && (readManifest(folder) as PackageManifest & { workspaces?: unknown });
  if (!manifest || manifest.workspaces === undefined) return undefined;
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  if (names.some(name => /^@(?:backstage|greenroom)\//.test(name))) return undefined;
  return `No plugin's schema is among them, as ${manifest.name} depends on no plugin: run this in the folder of the backend's package`;
}
