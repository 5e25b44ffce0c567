// The installed version of a package.
import { readFileSync } from 'node:fs';

/** Formatted as `name version`. */
export function versionOf(name) {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
}
