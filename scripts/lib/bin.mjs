// Locates the programs of installed development dependencies, so that node can run them without a shell.
import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { repositoryRoot } from './workspaces.mjs';

/** Returns the command line `[node, file]` for `program` of the installed package `name`. */
export function bin(name, program = name.split('/').at(-1)) {
  const manifestFile = join(repositoryRoot, 'node_modules', name, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[program];
  if (!file) throw new Error(`The package ${name} has no program called ${program}`);
  return [process.execPath, join(dirname(manifestFile), file)];
}
