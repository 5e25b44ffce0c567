// Writes the exports map and build entries of every published package from its folders. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { publishedManifest } from './lib/publishedManifest.mjs';
import { publishable, readWorkspaces, repositoryRoot } from './lib/workspaces.mjs';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: repositoryRoot } },
});
const root = resolve(values.root);
const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const problems = [];
const written = [];
for (const workspace of publishable(readWorkspaces(root))) {
  try {
    const file = join(workspace.dir, 'package.json');
    const expected = publishedManifest(workspace, rootManifest);
    const text = `${JSON.stringify(expected, null, 2)}\n`;
    if (readFileSync(file, 'utf8') === text) continue;
    if (values.check) {
      problems.push(
        `${workspace.path}/package.json has drifted: ${driftedFields(workspace.manifest, expected)}`,
      );
    } else {
      writeFileSync(file, text);
      written.push(`${workspace.path}/package.json`);
    }
  } catch (error) {
    problems.push(error.message);
  }
}

for (const file of written) console.log(`wrote ${file}`);
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  console.error('Folders and manifests must agree: run `npm run manifests` and commit what it writes.');
  process.exitCode = 1;
} else if (values.check) {
  console.log('every exports map agrees with its folders');
}

function driftedFields(actual, expected) {
  const differing = Object.keys(expected).filter(
    key => JSON.stringify(actual[key]) !== JSON.stringify(expected[key]),
  );
  const subpaths = Object.keys({ ...actual.exports, ...expected.exports }).filter(
    key => JSON.stringify(actual.exports?.[key]) !== JSON.stringify(expected.exports[key]),
  );
  if (differing.length === 0) return 'the order of its fields or its formatting';
  return [...differing, ...subpaths.map(subpath => `exports['${subpath}']`)].join(', ');
}
