// Finds imports in declarations that users can't resolve: missing packages or types, ES modules, a second copy of shared types.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { publishable, readWorkspaces, repositoryRoot } from './workspaces.mjs';

/**
 * Published plugins accept both major versions too, and their schemas and handlers are only compatible with ours if a
 * single copy of the types is installed: with two copies of zod, the compiler takes a minute to report an error.
 */
const shared = { zod: '^3.25.76 || ^4.0.0', '@types/express': '^4.17.21 || ^5.0.0' };

/** Problems with the built packages of the repository at `root`, as sentences. */
export function declarationProblems(root = repositoryRoot) {
  return publishable(readWorkspaces(root)).flatMap(({ dir, name, manifest }) => {
    const installed = { ...manifest.dependencies, ...manifest.peerDependencies };
    return importedBy(join(dir, 'dist'))
      .filter(imported => imported !== name)
      .flatMap(imported => {
        const types = `@types/${imported.replace(/^@(.+)\//, '$1__')}`;
        const carrier = [types, imported].find(carries => carries in installed);
        if (carrier === undefined || (carrier === imported && !shipsTypes(dir, imported))) {
          return `${name}: its declarations import '${imported}': add ${types}, or it, to its dependencies`;
        }
        if (carrier === imported && isOnlyEsm(dir, imported)) {
          return `${name}: its declarations import '${imported}', which CommonJS can't: declare a type of its own`;
        }
        const range = shared[carrier] ?? installed[carrier];
        return range === installed[carrier]
          ? []
          : `${name}: its declarations import the types of '${carrier}', which others share: take '${range}'`;
      });
  });
}

/** The packages that the declarations below `folder` import, without duplicates. */
function importedBy(folder) {
  const names = readdirSync(folder)
    .filter(file => file.endsWith('.d.ts'))
    .flatMap(file => [
      ...readFileSync(join(folder, file), 'utf8')
        // Examples in comments may import anything.
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .matchAll(/\b(?:from|import)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w:-][\w.:-]*)[^'"]*['"]/g),
    ])
    .map(([, name]) => name)
    .filter(name => !isBuiltin(name));
  return [...new Set(names)].sort();
}

function shipsTypes(dir, name) {
  const { types, typings, exports } = installedManifest(dir, name);
  return Boolean(types ?? typings) || JSON.stringify(exports ?? '').includes('types');
}

/** Whether a CommonJS module, such as each of ours, can't have the types of a package without an error of the compiler. */
function isOnlyEsm(dir, name) {
  const { type, exports } = installedManifest(dir, name);
  return type === 'module' && !/"require"|\.d\.cts"/.test(JSON.stringify(exports ?? ''));
}

/** The manifest of a package as seen from `dir`. */
function installedManifest(dir, name) {
  const folder = createRequire(join(dir, 'package.json'))
    .resolve.paths(name)
    .map(parent => join(parent, name))
    .find(candidate => manifestIn(candidate) !== undefined);
  return manifestIn(folder ?? dir) ?? {};
}

function manifestIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
