// Builds the package in the current folder: ESM, CommonJS and declarations, with the entries its folders ask for.
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

// tsup makes CommonJS of split modules with sucrase too, but lets it rewrite `?.`, `??` and class fields into calls and
// closures for engines that Node left behind long ago: that made the built engine a third slower than its source.
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
  // Subpaths share modules, and with them classes and symbols; in CommonJS too.
  splitting: true,
  // What a package shares with another one, and has a copy of.
  noExternal: manifest.greenroom?.bundled ?? [],
  plugins: [modernCommonJs],
  esbuildOptions(options, { format }) {
    if (format === 'esm') options.inject = [fileURLToPath(new URL('ownFile.mjs', import.meta.url))];
  },
  sourcemap: true,
  clean: true,
  silent: true,
  tsconfig: fileURLToPath(new URL('../../tsconfig.build.json', import.meta.url)),
  // Workspace packages are read as their users will see them: built, not from source. Global types that declarations
  // name have to be asked for in each of them; the reference in a source does not get there.
  dts: {
    entry: entries,
    ...('@types/jest' in (manifest.dependencies ?? {}) && { banner: '/// <reference types="jest" />' }),
  },
});

// Packing takes files of the package alone, and each package is to carry its licence.
copyFileSync(fileURLToPath(new URL('../../LICENSE', import.meta.url)), 'LICENSE');
