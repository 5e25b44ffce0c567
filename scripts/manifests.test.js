// Shows that manifests agree with their folders here, and that the check notices wherever they stop doing so.
const { readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

const script = join(repositoryRoot, 'scripts/manifests.mjs');
const opening = '// What this folder is for, in a sentence.\n';

let tree;

beforeEach(() => {
  tree = temporaryTree({
    'package.json': { license: 'Apache-2.0', engines: { node: '>=20.19' } },
    'packages/one/package.json': {
      name: '@greenroom/one',
      version: '1.0.0',
      greenroom: { entries: ['alpha', 'services/*'] },
    },
    'packages/one/src/index.ts': opening,
    'packages/one/src/alpha/index.ts': opening,
    'packages/one/src/services/cache/index.ts': opening,
    'packages/one/src/services/notes/readme.txt': 'a folder without an index is no entry',
    'packages/example-one/package.json': { name: '@greenroom/example-one', private: true },
  });
});

afterEach(() => tree.remove());

const check = () => tree.run(script, '--check', '--root', tree.root);
const write = () => tree.run(script, '--root', tree.root);
const manifest = () => JSON.parse(readFileSync(join(tree.root, 'packages/one/package.json'), 'utf8'));

it('agrees with the folders of this repository', () => {
  expect(tree.run(script, '--check')).toMatchObject({ status: 0 });
});

it('writes an exports map with sources for development and without them for the registry', () => {
  expect(write()).toMatchObject({ status: 0 });
  const built = {
    import: { types: './dist/cache.d.mts', default: './dist/cache.mjs' },
    require: { types: './dist/cache.d.ts', default: './dist/cache.js' },
  };
  const { exports: dev, publishConfig, files } = manifest();
  expect(Object.keys(dev)).toEqual(['.', './alpha', './cache', './package.json']);
  expect(Object.keys(dev['./cache'])[0]).toBe('greenroom-source');
  expect(dev['./cache']).toEqual({ 'greenroom-source': './src/services/cache/index.ts', ...built });
  expect(publishConfig.exports['./cache']).toEqual(built);
  expect(files).toEqual(['dist', '!dist/**/*.test.*', '!dist/**/*.map']);
  expect(check()).toMatchObject({ status: 0 });
});

it('leaves private packages alone', () => {
  write();
  const example = JSON.parse(readFileSync(join(tree.root, 'packages/example-one/package.json'), 'utf8'));
  expect(example).toEqual({ name: '@greenroom/example-one', private: true });
});

it.each([
  [
    'a folder appears',
    () => tree.write('packages/one/src/services/mail/index.ts', opening),
    "exports['./mail']",
  ],
  [
    'a folder goes',
    () => rmSync(join(tree.root, 'packages/one/src/services/cache/index.ts')),
    "exports['./cache']",
  ],
  [
    'a listed folder goes',
    () => rmSync(join(tree.root, 'packages/one/src/alpha/index.ts')),
    'does not exist',
  ],
  [
    'two folders want one subpath',
    () => tree.write('packages/one/src/services/alpha/index.ts', opening),
    './alpha',
  ],
  ['a schema appears', () => tree.write('packages/one/config.schema.json', {}), 'files'],
  [
    'an exports map is edited by hand',
    () => {
      const edited = manifest();
      delete edited.exports['./alpha'];
      tree.write('packages/one/package.json', edited);
    },
    "exports['./alpha']",
  ],
])('fails when %s', (_what, change, words) => {
  write();
  expect(check()).toMatchObject({ status: 0 });
  change();
  const { status, output } = check();
  expect(status).toBe(1);
  expect(output).toContain(words);
  expect(output).toContain('npm run manifests');
});
