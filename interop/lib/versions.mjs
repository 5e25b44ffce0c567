// Which version of a package is installed here.
import { readFileSync } from 'node:fs';

/** As `name version`. */
export function versionOf(name) {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
}
