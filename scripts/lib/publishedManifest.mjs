// Computes the manifest fields that follow from a package's folders, and sorts the fields in the usual order.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageCommands, packageEntries } from './entries.mjs';

const fieldOrder = [
  'name',
  'version',
  'private',
  'description',
  'license',
  'engines',
  'type',
  'sideEffects',
  'main',
  'module',
  'types',
  'exports',
  'bin',
  'publishConfig',
  'files',
  'configSchema',
  'greenroom',
  'scripts',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'devDependencies',
];

/** The complete manifest that a published workspace should have, based on its folders and its hand-written fields. */
export function publishedManifest(workspace, rootManifest) {
  const entries = packageEntries(workspace);
  const published = exportsMap(entries, {});
  const commands = packageCommands(workspace).map(({ name }) => [name, `./dist/${name}.js`]);
  const manifest = {
    ...workspace.manifest,
    license: rootManifest.license,
    engines: { node: rootManifest.engines.node },
    type: 'commonjs',
    sideEffects: false,
    main: './dist/index.js',
    module: './dist/index.mjs',
    types: './dist/index.d.ts',
    exports: exportsMap(entries, { fromSource: true }),
    publishConfig: { ...workspace.manifest.publishConfig, access: 'public', exports: published },
    ...(commands.length > 0 && { bin: binOf(workspace, commands) }),
    files: packedFiles(workspace),
    ...(existsSync(join(workspace.dir, 'config.schema.json')) && { configSchema: 'config.schema.json' }),
  };
  const position = key => (fieldOrder.includes(key) ? fieldOrder.indexOf(key) : fieldOrder.length);
  return Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => position(a) - position(b)));
}

/** A single command with the same name as the package is written as yarn writes it: as a plain string. */
function binOf({ manifest }, commands) {
  const [[name, file]] = commands;
  const isOwn = commands.length === 1 && manifest.name.replace(/^@[^/]+\//, '') === name;
  return isOwn ? file : Object.fromEntries(commands);
}

function exportsMap(entries, { fromSource }) {
  const map = {};
  for (const { subpath, name, source } of entries) {
    map[subpath] = {
      ...(fromSource && { 'greenroom-source': `./${source}` }),
      import: { types: `./dist/${name}.d.mts`, default: `./dist/${name}.mjs` },
      require: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
    };
  }
  return { ...map, './package.json': './package.json' };
}

function packedFiles({ dir }) {
  const optional = ['config.schema.json', 'templates'].filter(name => existsSync(join(dir, name)));
  // Source maps are only useful in this repository, and would be larger than the rest of `dist`.
  return ['dist', '!dist/**/*.test.*', '!dist/**/*.map', ...optional];
}
