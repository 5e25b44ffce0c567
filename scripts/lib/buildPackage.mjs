// Builds the package in the current folder: ESM, CommonJS and declarations, with the entry points derived from its folders.
import { basename } from 'node:path';
import { copyFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'sucrase';
import { build } from 'tsup';
import { packageCommands, packageEntries, packagePrograms } from './entries.mjs';

const dir = process.cwd();
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const workspace = { dir, path: basename(dir), manifest };
const toFiles = list => Object.fromEntries(list.map(({ name, source }) => [name, source]));
const entries = toFiles([...packageEntries(workspace), ...packageCommands(workspace)]);

// tsup also uses sucrase to convert split modules to CommonJS, but lets it rewrite `?.`, `??` and class fields for
// engines that Node left behind long ago, which made the built engine a third slower than its source.
const modernCommonJs = {
  name: 'modern-commonjs',
  renderChunk(code, { type, path }) {
    if (this.format !== 'cjs' || type !== 'chunk') return undefined;
    this.splitting = false;
    const result = transform(code, {
      filePath: path,
      transforms: ['imports'],
      disableESTransforms: true,
      sourceMapOptions: { compiledFilename: path },
    });
    return { code: result.code, map: result.sourceMap };
  },
};

await build({
  config: false,
  entry: { ...entries, ...toFiles(packagePrograms(workspace)) },
  format: ['esm', 'cjs'],
  target: 'node20',
  platform: 'node',
  // Subpaths share modules, and with them classes and symbols, in CommonJS as well.
  splitting: true,
  // Shared packages that are bundled instead of being a dependency.
  noExternal: manifest.greenroom?.bundled ?? [],
  plugins: [modernCommonJs],
  esbuildOptions(options, { format }) {
    if (format === 'esm') options.inject = [fileURLToPath(new URL('ownFile.mjs', import.meta.url))];
  },
  sourcemap: true,
  clean: true,
  silent: true,
  tsconfig: fileURLToPath(new URL('../../tsconfig.build.json', import.meta.url)),
  // Workspace packages are resolved as users will see them: built, not from source. Global types in declarations need
  // a reference in each of them, because references in sources do not end up there.
  dts: {
    entry: entries,
    ...('@types/jest' in (manifest.dependencies ?? {}) && { banner: '/// <reference types="jest" />' }),
  },
});

// Every package must contain the licence, and packing only includes files of the package itself.
copyFileSync(fileURLToPath(new URL('../../LICENSE', import.meta.url)), 'LICENSE');
