// Backends that have the features of packages in a folder of their own, by what the configuration says.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BackendFeature } from '@greenroom/backend-plugin-api';
import { createPlugin } from '@greenroom/testing';
import type { JsonValue } from '@backstage/types';
import { startBackend } from '../testing/startBackend';
import { discoveryFeatureLoader } from './discoveryFeatureLoader';

const cwd = process.cwd();
const started: string[] = [];
const plugins = globalThis as { pluginOfTest?: (pluginId: string) => BackendFeature };
let folder: string;

beforeEach(() => {
  folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'greenroom-packages-')));
  plugins.pluginOfTest = pluginId =>
    createPlugin(pluginId, { init: async () => void started.push(pluginId) });
});

afterEach(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true, force: true });
  delete plugins.pluginOfTest;
  started.length = 0;
});

const exporting = (pluginId: string) => `exports.default = pluginOfTest('${pluginId}');`;
const withRole = (role: string) => ({ backstage: { role } });

/** Installs packages for a backend, which depends on all of them, and goes into its folder. */
function install(packages: Record<string, { manifest?: object; files: Record<string, string> }>): void {
  const dependencies = Object.fromEntries(Object.keys(packages).map(name => [name, '1.0.0']));
  write('package.json', JSON.stringify({ name: 'backend', dependencies }));
  for (const [name, { manifest, files }] of Object.entries(packages)) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', ...manifest }));
    for (const [file, text] of Object.entries(files)) write(`node_modules/${name}/${file}`, text);
  }
  process.chdir(folder);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function start(packages?: JsonValue): Promise<string[]> {
  const config = { backend: { ...(packages !== undefined && { packages }) } };
  const backend = await startBackend({ config, features: [discoveryFeatureLoader] });
  await backend.stop();
  return started.sort();
}

const three = {
  one: { manifest: withRole('backend-plugin'), files: { 'index.js': exporting('one') } },
  two: { manifest: withRole('backend-plugin'), files: { 'index.js': exporting('two') } },
  three: { manifest: withRole('backend-plugin'), files: { 'index.js': exporting('three') } },
};

it('adds the packages of a backend, and loads no others', async () => {
  const fatal = { 'index.js': "throw new Error('loaded');" };
  install({
    'by-role': { manifest: withRole('backend-plugin-module'), files: { 'index.js': exporting('by-role') } },
    '@acme/by-dependency': {
      manifest: { dependencies: { '@greenroom/backend-plugin-api': '^1.0.0' } },
      files: { 'index.js': exporting('by-dependency') },
    },
    'by-peer': {
      manifest: { peerDependencies: { '@backstage/backend-plugin-api': '^1.0.0' } },
      files: { 'index.js': exporting('by-peer') },
    },
    'a-library': { manifest: withRole('node-library'), files: { 'index.js': 'exports.thing = 1;' } },
    'a-page': {
      manifest: {
        ...withRole('frontend-plugin'),
        peerDependencies: { '@backstage/backend-plugin-api': '*' },
      },
      files: fatal,
    },
    'a-stranger': { files: fatal },
  });
  expect(await start('all')).toEqual(['by-dependency', 'by-peer', 'by-role']);
});

it('adds what ./alpha exports, once where it is the same, and finds packages that hide their package.json', async () => {
  const exports = { '.': './index.js', './alpha': './alpha.js' };
  install({
    apart: {
      manifest: { ...withRole('backend-plugin'), exports },
      files: { 'index.js': exporting('apart'), 'alpha.js': exporting('apart-alpha') },
    },
    same: {
      manifest: { ...withRole('backend-plugin'), exports },
      files: { 'index.js': exporting('same'), 'alpha.js': "module.exports = require('./index.js');" },
    },
  });
  expect(await start('all')).toEqual(['apart', 'apart-alpha', 'same']);
});

it.each<[JsonValue | undefined, string[]]>([
  [undefined, []],
  [{ include: ['one', 'two'] }, ['one', 'two']],
  [{ exclude: ['one'] }, ['three', 'two']],
  [{ include: ['one', 'two'], exclude: ['two'] }, ['one']],
  [{ include: [] }, []],
])('goes by backend.packages: %j', async (packages, expected) => {
  install(three);
  expect(await start(packages)).toEqual(expected);
});

it('says which package is missing, and which throws', async () => {
  install({ ...three, two: { ...three.two, files: { 'index.js': "throw new Error('no luck');" } } });
  rmSync(join(folder, 'node_modules/one'), { recursive: true });
  await expect(start('all')).rejects.toThrow(
    `2 packages, which backend.packages takes in, can't be loaded:\n  - 'one': it is not installed for the package in ${folder}\n  - 'two': no luck\nWhere: `,
  );
  await expect(start({ exclude: ['two'] })).rejects.toThrow(
    `Package 'one', which backend.packages takes in, can't be loaded: it is not installed for the package in ${folder} (feature loader of backend.packages, added at `,
  );
  await expect(start({ exclude: ['one'] })).rejects.toMatchObject({
    message: expect.stringContaining(
      "Package 'two', which backend.packages takes in, can't be loaded: no luck",
    ),
  });
});
