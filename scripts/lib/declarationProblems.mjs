// Finds what declarations import and its installer does not get: a package, the types of one that ships none, or those of one copy with others.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { publishable, readWorkspaces, repositoryRoot } from './workspaces.mjs';

/**
 * Published plugins take either release too, and their schemas and handlers fit ours only where one copy of the types is
 * installed: two of zod take the compiler a minute to refuse.
 */
const shared = { zod: '^3.25.76 || ^4.0.0', '@types/express': '^4.17.21 || ^5.0.0' };

/** Sentences about the built packages of the repository at `root`. */
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
        const range = shared[carrier] ?? installed[carrier];
        return range === installed[carrier]
          ? []
          : `${name}: its declarations import the types of '${carrier}', which others share: take '${range}'`;
      });
  });
}

/** The packages that the declarations below `folder` name, each once. */
function importedBy(folder) {
  const names = readdirSync(folder)
    .filter(file => file.endsWith('.d.ts'))
    .flatMap(file => [
      ...readFileSync(join(folder, file), 'utf8')
        // Examples in comments import what they like.
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .matchAll(/\b(?:from|import)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w:-][\w.:-]*)[^'"]*['"]/g),
    ])
    .map(([, name]) => name)
    .filter(name => !isBuiltin(name));
  return [...new Set(names)].sort();
}

function shipsTypes(dir, name) {
  const folder = createRequire(join(dir, 'package.json'))
    .resolve.paths(name)
    .map(parent => join(parent, name))
    .find(candidate => manifestIn(candidate) !== undefined);
  const { types, typings, exports } = manifestIn(folder ?? dir) ?? {};
  return Boolean(types ?? typings) || JSON.stringify(exports ?? '').includes('types');
}

function manifestIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
