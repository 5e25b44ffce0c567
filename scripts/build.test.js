// Builds made-up packages with the command of this repository, and shows that what failed or was changed is built again.
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, readdirSync } = require('node:fs');
const { join, relative } = require('node:path');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

const sources = { one: 'export const one = 1;\n', two: 'export const two = 2;\n' };

let tree;

beforeEach(() => {
  tree = temporaryTree({ 'yarn.lock': '' });
  const read = ['buildPackage.mjs', 'entries.mjs', 'ownFile.mjs'].map(name => `scripts/lib/${name}`);
  for (const path of [...read, 'tsconfig.base.json', 'tsconfig.build.json']) tree.copy(path);
  tree.link('node_modules', relative(tree.root, join(repositoryRoot, 'node_modules')));
  for (const [name, source] of Object.entries(sources)) {
    tree.write(`packages/${name}/package.json`, { name: `@greenroom/${name}`, version: '1.0.0' });
    tree.write(`packages/${name}/src/index.ts`, source);
  }
});

afterEach(() => tree.remove());

const command = join(repositoryRoot, 'scripts/build.mjs');
const build = (...args) => tree.run(command, '--root', tree.root, ...args);
/** What a build leaves that was killed. */
const killed = () => `.cache/builds/${spawnSync(process.execPath, ['-v']).pid}`;
const isThere = name => existsSync(join(tree.root, `packages/${name}/dist/index.js`));

it('does not take what a failed build left for that of the same sources before', () => {
  expect(build('@greenroom/one')).toMatchObject({ status: 0 });
  tree.write('packages/one/src/index.ts', 'export const = 1;\n');
  expect(build('@greenroom/one')).toMatchObject({ status: 1 });
  tree.write('packages/one/src/index.ts', sources.one);
  expect(build('@greenroom/one')).toMatchObject({ status: 0 });
  expect(isThere('one')).toBe(true);
}, 60_000);

it('builds only the packages that are named, with what they depend on, and knows when they are built', () => {
  tree.write('packages/three/package.json', {
    ...{ name: '@greenroom/three', version: '1.0.0' },
    dependencies: { '@greenroom/one': '1.0.0' },
  });
  tree.write('packages/three/src/index.ts', 'export const three = 3;\n');
  expect(build('@greenroom/three')).toMatchObject({ status: 0 });
  expect(['one', 'two', 'three'].filter(isThere)).toEqual(['one', 'three']);
  expect(build('@greenroom/three').output).toBe('all 2 packages are built already\n');
}, 60_000);

it('runs one build at a time, so that none leaves the folder of another half-written', async () => {
  // Found by both at the same time.
  tree.write(killed(), '');
  const builds = [1, 2].map(() => spawn(process.execPath, [command, '--root', tree.root, '@greenroom/one']));
  const ended = builds.map(
    ({ stdout }) =>
      new Promise(resolve => {
        let output = '';
        stdout.setEncoding('utf8').on('data', text => (output += text));
        stdout.on('end', () => resolve(output));
      }),
  );
  const outputs = (await Promise.all(ended)).sort();
  expect(outputs[0]).toMatch(/packages\/one +passed/);
  expect(outputs[1]).toMatch(/^waiting for another build, process \d+\nall 1 packages are built already\n$/);
  expect(readdirSync(join(tree.root, '.cache/builds'))).toEqual([]);
}, 60_000);

it('does not wait for a build that was killed', () => {
  tree.write(killed(), '');
  expect(build('@greenroom/one')).toMatchObject({ status: 0 });
}, 60_000);
