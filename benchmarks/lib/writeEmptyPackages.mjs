// Writes two packages that hold nothing, laid out as the engine and its contracts are: what Node takes to find and load so many files.
import { mkdirSync, writeFileSync } from 'node:fs';

/** The first imports a subpath of the second, which is in three files. */
const packages = {
  '@empty/engine': {
    exports: { '.': { import: './dist/index.mjs', require: './dist/index.js' } },
    files: { 'index.js': "require('node:util');\nrequire('@empty/contracts/internal');\n" },
  },
  '@empty/contracts': {
    exports: {
      '.': { import: './dist/index.mjs', require: './dist/index.js' },
      './internal': { import: './dist/internal.mjs', require: './dist/internal.js' },
    },
    files: {
      'internal.js': "require('./errors.js');\nrequire('./references.js');\n",
      'errors.js': '',
      'references.js': '',
    },
  },
};

/** Into node_modules, where they are found as any other package is. */
export function writeEmptyPackages() {
  for (const [name, { exports, files }] of Object.entries(packages)) {
    const folder = new URL(`../node_modules/${name}/`, import.meta.url);
    mkdirSync(new URL('dist/', folder), { recursive: true });
    writeFileSync(new URL('package.json', folder), JSON.stringify({ name, version: '0.0.0', exports }));
    for (const [file, text] of Object.entries(files)) writeFileSync(new URL(`dist/${file}`, folder), text);
  }
}
