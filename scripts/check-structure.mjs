// Checks what linters don't: file locations, opening comments, file lengths, names and forbidden words.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
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
  'LICENSE',
  'dist',
  'node_modules',
];

const problems = [];
for (const workspace of readWorkspaces(root)) problems.push(...topProblems(workspace));
for (const path of listFiles(root)) {
  // The file is still in git's index, but has been deleted.
  if (!existsSync(join(root, path))) continue;
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
  if (path.startsWith('plugins/')) allowed.push('migrations');
  if (path === 'packages/create-backend') allowed.push('templates');
  if (!manifest.private) {
    for (const name of readdirSync(dir)) {
      if (!allowed.includes(name)) {
        found.push(`${path}/${name}: a package's top holds only ${allowed.slice(0, -3).join(', ')}`);
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
