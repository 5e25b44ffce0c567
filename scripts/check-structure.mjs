// Checks what linters don't: file locations, opening comments, file lengths, names and forbidden words.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileProblems } from './lib/fileProblems.mjs';
import { listFiles } from './lib/listFiles.mjs';
import { readWorkspaces, repositoryRoot } from './lib/workspaces.mjs';

const { values } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } });
const root = resolve(values.root);
const atPackageTop = [
  'package.json',
  'README.md',
  'src',
  'report.api.md',
  'CHANGELOG.md',
  'config.schema.json',
  // Written by builds.
  'LICENSE',
];
// Git's index also has files that have been deleted.
const files = listFiles(root).filter(path => existsSync(join(root, path)));

const problems = [];
for (const workspace of readWorkspaces(root)) problems.push(...topProblems(workspace));
for (const path of files) {
  for (const problem of fileProblems(path, readFileSync(join(root, path), 'utf8'))) {
    problems.push(`${path}: ${problem}`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log('every file is where and as it should be');

function topProblems({ dir, path, manifest }) {
  const found = [];
  // An example is a complete deployment with its own configuration and data.
  const allowed = [...atPackageTop];
  if (path === 'packages/create-backend') allowed.push('templates');
  if (!manifest.private) {
    const own = files.filter(file => file.startsWith(`${path}/`));
    for (const name of new Set(own.map(file => file.split('/')[2]))) {
      if (!allowed.includes(name)) {
        found.push(`${path}/${name}: a package's top holds only ${allowed.join(', ')}`);
      }
    }
    if (!existsSync(join(dir, 'README.md'))) found.push(`${path}: a published package needs a README.md`);
  }
  if (manifest.name !== expectedName(path)) {
    found.push(
      `${path}/package.json: a package in this folder is called ${expectedName(path)}, not ${manifest.name}`,
    );
  }
  return found;
}

function expectedName(path) {
  return path.startsWith('plugins/') ? `@greenroom/plugin-${basename(path)}` : `@greenroom/${basename(path)}`;
}
