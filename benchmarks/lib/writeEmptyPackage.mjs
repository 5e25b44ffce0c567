// Writes an empty package with the layout of the engine, to measure how long Node takes to find and load a package.
import { mkdirSync, writeFileSync } from 'node:fs';

const manifest = {
  name: '@empty/engine',
  version: '0.0.0',
  exports: { '.': { import: './dist/index.mjs', require: './dist/index.js' } },
};

/** Into node_modules, where it is found like any other package. */
export function writeEmptyPackage() {
  const folder = new URL(`../node_modules/${manifest.name}/`, import.meta.url);
  mkdirSync(new URL('dist/', folder), { recursive: true });
  writeFileSync(new URL('package.json', folder), JSON.stringify(manifest));
  writeFileSync(new URL('dist/index.js', folder), "require('node:util');\n");
}
