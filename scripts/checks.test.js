// Proves on made-up repositories that each rule about structure, style and imports fires, and where it must not.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

const opening = '// A file that owns one thing.\n';
const bin = name => join(repositoryRoot, 'node_modules', name);
const published = (name, dependencies = {}) => ({ name, version: '1.0.0', ...dependencies });
const on = (...names) => ({ dependencies: Object.fromEntries(names.map(name => [name, '1.0.0'])) });

let tree;
afterEach(() => tree.remove());

describe('structure', () => {
  const sound = {
    'packages/one/package.json': published('@greenroom/one'),
    'packages/one/README.md': '# one\n',
    'packages/one/src/index.ts': `${opening}export const one = 1;\n`,
  };
  const check = () => tree.run(join(repositoryRoot, 'scripts/check-structure.mjs'), '--root', tree.root);

  it('is content with a sound package', () => {
    tree = temporaryTree(sound);
    expect(check()).toMatchObject({ status: 0 });
  });

  it('does not look at what git ignores', () => {
    tree = temporaryTree({ ...sound, '.gitignore': '*.tgz\n', 'packages/one/one.tgz': '' });
    spawnSync('git', ['init', '-q'], { cwd: tree.root });
    expect(check()).toMatchObject({ status: 0 });
  });

  it('does not look at what commands leave behind, in a download that git does not know', () => {
    const left = [
      '.cache/docs/block-1.ts',
      'packages/one/dist/index.js',
      'coverage/index.js',
      '.yarn/one.js',
    ];
    tree = temporaryTree({ ...sound, ...Object.fromEntries(left.map(path => [path, 'export {};'])) });
    expect(check()).toMatchObject({ status: 0 });
  });

  it.each([
    ['packages/one/src/bare.ts', 'export const bare = 1;\n', 'must open with a comment'],
    ['packages/one/src/curt.ts', '// curt\nexport const curt = 1;\n', 'must open with a comment'],
    ['packages/one/src/long.ts', `${opening}${'export {};\n'.repeat(250)}`, 'has 251 lines'],
    ['packages/one/src/utils.ts', opening, "'utils' says nothing"],
    ['packages/one/src/types.ts', opening, "'types' says nothing"],
    ['packages/one/src/StoreImpl.ts', opening, "'StoreImpl' ends in a word"],
    ['packages/one/notes.txt', 'notes', "a package's top holds only"],
    ['packages/one/migrations/one.js', opening, "a package's top holds only"],
    ['packages/two/package.json', published('@greenroom/two'), 'needs a README.md'],
    ['plugins/mail-node/package.json', published('@greenroom/mail'), '@greenroom/plugin-mail-node'],
    ['README.md', ['see ', 'tmp', 'x'].join('/'), 'line 1 names a path of one machine'],
    [
      'docs/a.md',
      ['See', '', 'home', 'someone', 'x'].join('/').replace('See', 'See '),
      'names a home folder',
    ],
    ['docs/b.md', ['registry', 'npmjs', 'org'].join('.'), 'names a registry host'],
  ])('refuses %s', (path, content, words) => {
    tree = temporaryTree({ ...sound, [path]: content });
    const { status, output } = check();
    expect(output).toContain(words);
    expect(status).toBe(1);
  });
});

describe('lint', () => {
  it('fires each chosen rule, and lets a plugin export its feature as default', () => {
    const files = {
      'packages/one/src/explicitAny.ts': 'export const value = (input: any) => input;\n',
      'packages/one/src/defaultExport.ts': 'export default 1;\n',
      'packages/one/src/snake_case.ts': 'export const a = 1;\n',
      'packages/one/src/ignore.ts': '// @ts-ignore\nexport const a: string = 1;\n',
      'packages/one/src/long.ts': Array.from(
        { length: 251 },
        (_, index) => `export const a${index} = 1;\n`,
      ).join(''),
      'packages/one/src/consoleCall.ts': "console.log('x');\n",
      'packages/one/src/looseEquality.ts': 'export const same = (a: string, b: string) => a == b;\n',
      'packages/one/src/unused.ts': "import { join } from 'node:path';\nexport const a = 1;\n",
      'packages/one/src/focused.test.ts': "it.only('x', () => { expect(1).toBe(1); });\n",
      'plugins/one/src/index.ts': 'export default 1;\n',
      'plugins/one/src/migrations/20260101_init.ts': 'export const a = 1;\n',
    };
    tree = temporaryTree(files);
    tree.copy('.oxlintrc.json');
    const { stdout, status } = tree.run(bin('oxlint/bin/oxlint'), '-f', 'json');
    const fired = JSON.parse(stdout).diagnostics.map(({ filename, code }) => `${filename} ${code}`);
    expect(status).toBe(1);
    expect(fired.sort()).toEqual([
      'packages/one/src/consoleCall.ts eslint(no-console)',
      'packages/one/src/defaultExport.ts import(no-default-export)',
      'packages/one/src/explicitAny.ts typescript(no-explicit-any)',
      'packages/one/src/focused.test.ts jest(no-focused-tests)',
      'packages/one/src/ignore.ts typescript(ban-ts-comment)',
      'packages/one/src/long.ts eslint(max-lines)',
      'packages/one/src/looseEquality.ts eslint(eqeqeq)',
      'packages/one/src/snake_case.ts unicorn(filename-case)',
      'packages/one/src/unused.ts eslint(no-unused-vars)',
    ]);
  });
});

describe('import directions', () => {
  const sources = {
    // What may be imported.
    'packages/backend-plugin-api': {
      'index.ts': '',
      'internal/index.ts': '',
      'upwards.ts': ['@greenroom/backend-app-api'],
    },
    'packages/backend-app-api': {
      'index.ts': ['@greenroom/backend-plugin-api', '@greenroom/backend-plugin-api/internal'],
      'Backend.ts': ['./boot/plan', './errors/EngineError', './report/spans'],
      'boot/plan.ts': ['../services/registry', '../errors/EngineError'],
      'services/registry.ts': ['../graph/graph', '../errors/EngineError', '../report/spans'],
      'graph/graph.ts': '',
      'errors/EngineError.ts': ['../version'],
      'report/spans.ts': ['../version'],
      'version.ts': '',
      'boot/upwards.ts': ['../Backend'],
      'services/upwards.ts': ['../boot/plan'],
      'graph/upwards.ts': ['../services/registry'],
      'upwards.ts': ['@greenroom/backend-defaults'],
    },
    'packages/backend-defaults': {
      'index.ts': ['@greenroom/backend-app-api'],
      'plugin.ts': ['@greenroom/plugin-a-node'],
    },
    'packages/backend-test-utils': {
      'index.ts': ['@greenroom/backend-defaults'],
      'plugin.ts': ['@greenroom/plugin-a-node'],
    },
    'packages/example-backend': {
      'index.ts': ['@greenroom/backend-defaults', '@greenroom/plugin-a-backend'],
    },
    'plugins/a-node': {
      'index.ts': ['@greenroom/backend-plugin-api'],
      'backend.ts': ['@greenroom/plugin-a-backend'],
    },
    'plugins/a-backend': {
      'index.ts': ['@greenroom/backend-plugin-api', '@greenroom/plugin-a-node'],
      'internal.ts': ['@greenroom/backend-plugin-api/internal'],
      'engine.ts': ['@greenroom/backend-app-api'],
      'example.ts': ['@greenroom/example-backend'],
      'scenario.test.ts': ['@greenroom/backend-defaults'],
      'test.ts': ['./scenario.test'],
      'circleOne.ts': ['./circleTwo'],
      'circleTwo.ts': ['./circleOne'],
      'nowhere.ts': ['./nothing'],
      'path.ts': ['../../a-node/src/index'],
      'undeclared.ts': ['@greenroom/backend-test-utils'],
      'undeclared.test.ts': ['@greenroom/backend-test-utils'],
      'stranger.ts': ['other-tool'],
      'devOnly.ts': ['some-tool'],
    },
    'plugins/b-backend': { 'index.ts': ['@greenroom/plugin-a-backend'] },
  };

  function makeTree() {
    tree = temporaryTree({
      'tsconfig.json': { compilerOptions: { module: 'ESNext', moduleResolution: 'bundler' } },
      'node_modules/some-tool/package.json': { name: 'some-tool', version: '1.0.0', main: 'index.js' },
      'node_modules/some-tool/index.js': '',
      'node_modules/other-tool/package.json': { name: 'other-tool', version: '1.0.0', main: 'index.js' },
      'node_modules/other-tool/index.js': '',
    });
    tree.copy('.dependency-cruiser.cjs');
    const nameOf = path => `@greenroom/${path.replace('plugins/', 'plugin-').replace('packages/', '')}`;
    const all = Object.keys(sources).map(nameOf);
    for (const [path, files] of Object.entries(sources)) {
      const name = nameOf(path);
      const others = all.filter(other => other !== name && other !== '@greenroom/backend-test-utils');
      tree.write(`${path}/package.json`, {
        ...published(name, on(...others)),
        devDependencies: { 'some-tool': '1.0.0' },
        exports: {
          '.': { 'greenroom-source': './src/index.ts' },
          './internal': { 'greenroom-source': './src/internal/index.ts' },
        },
      });
      tree.link(`node_modules/${name}`, path);
      for (const [file, imports] of Object.entries(files)) {
        const lines = [...imports].map(
          (from, index) => `import * as i${index} from '${from}';\nconsole.log(i${index});\n`,
        );
        tree.write(`${path}/src/${file}`, `${lines.join('')}export const value = 1;\n`);
      }
    }
  }

  it('fires each rule at the one file that breaks it, and at no other', () => {
    makeTree();
    const { stdout } = tree.run(
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'plugins'],
    );
    const fired = JSON.parse(stdout).summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    expect([...new Set(fired)].sort()).toEqual(
      [
        'app-api-knows-only-plugin-api: packages/backend-app-api/src/upwards.ts',
        'declared-dependencies-only: plugins/a-backend/src/stranger.ts',
        'declared-packages-only-in-tests: plugins/a-backend/src/undeclared.test.ts',
        'declared-packages-only: plugins/a-backend/src/undeclared.ts',
        'defaults-know-only-the-apis: packages/backend-defaults/src/plugin.ts',
        'engine-boot-imports-downwards: packages/backend-app-api/src/boot/upwards.ts',
        'engine-errors-is-a-leaf: packages/backend-app-api/src/errors/EngineError.ts',
        'engine-report-is-a-leaf: packages/backend-app-api/src/report/spans.ts',
        'engine-graph-imports-downwards: packages/backend-app-api/src/graph/upwards.ts',
        'engine-services-imports-downwards: packages/backend-app-api/src/services/upwards.ts',
        'examples-are-ends: plugins/a-backend/src/example.ts',
        'internal-is-for-the-engine: plugins/a-backend/src/internal.ts',
        'no-cycles: plugins/a-backend/src/circleOne.ts',
        'no-dev-dependencies: plugins/a-backend/src/devOnly.ts',
        'no-foreign-plugin-backends: plugins/a-node/src/backend.ts',
        'no-foreign-plugin-backends: plugins/b-backend/src/index.ts',
        'no-tests-in-sources: plugins/a-backend/src/test.ts',
        'no-unresolvable: plugins/a-backend/src/nowhere.ts',
        'node-libraries-stay-light: plugins/a-node/src/backend.ts',
        'packages-by-name: plugins/a-backend/src/path.ts',
        'plugin-api-is-the-base: packages/backend-plugin-api/src/upwards.ts',
        'plugins-import-contracts: plugins/a-backend/src/engine.ts',
        'plugins-import-contracts: plugins/a-backend/src/example.ts',
        'plugins-import-contracts: plugins/a-backend/src/undeclared.ts',
        'test-utils-know-no-plugins: packages/backend-test-utils/src/plugin.ts',
      ].sort(),
    );
  });
});

describe('declarations', () => {
  const problems = () => {
    const lib = JSON.stringify(pathToFileURL(join(repositoryRoot, 'scripts/lib/declarationProblems.mjs')));
    const { stdout } = tree.run(
      ...['--input-type=module', '--eval'],
      `import { declarationProblems } from ${lib}; console.log(JSON.stringify(declarationProblems(process.cwd())));`,
    );
    return JSON.parse(stdout);
  };

  it('need what they import, with its types, in the dependencies', () => {
    const types = { types: 'index.d.ts' };
    tree = temporaryTree({
      'node_modules/typed/package.json': { name: 'typed', ...types },
      'node_modules/@some/mapped/package.json': {
        name: '@some/mapped',
        exports: { '.': { types: './index.d.ts' } },
      },
      'node_modules/bare/package.json': { name: 'bare' },
      'node_modules/covered/package.json': { name: 'covered' },
      'packages/one/package.json': {
        ...published('@greenroom/one', on('typed', '@some/mapped', 'bare', 'covered', '@types/covered')),
        devDependencies: { '@types/bare': '1.0.0', undeclared: '1.0.0' },
      },
      'packages/one/dist/index.d.ts': [
        "/** import { left } from 'only-in-an-example'; */",
        "import { a } from 'typed/sub/path';",
        "export { b } from '@some/mapped';",
        "import { c } from 'bare';",
        "import { d } from 'covered';",
        "export type E = import('undeclared').E;",
        "import { f } from './other';",
        "import { g } from 'node:http';",
        "import { h } from '@greenroom/one/self';",
      ].join('\n'),
    });
    expect(problems().map(problem => /import '(.+?)'/.exec(problem)[1])).toEqual(['bare', 'undeclared']);
  });

  it('import no types that only ES modules can have', () => {
    const typed = { type: 'module', types: 'index.d.ts' };
    tree = temporaryTree({
      'node_modules/esm/package.json': { name: 'esm', ...typed, exports: { types: './index.d.ts' } },
      'node_modules/both/package.json': {
        name: 'both',
        ...typed,
        exports: { import: './index.js', require: './index.cjs' },
      },
      'packages/one/package.json': published('@greenroom/one', on('esm', 'both')),
      'packages/one/dist/index.d.ts': "import { a } from 'esm';\nimport { b } from 'both';",
    });
    expect(problems()).toEqual([expect.stringMatching(/import 'esm', which CommonJS can't/)]);
  });

  it('share the types of zod and express with plugins of others, whichever release these have', () => {
    const zod = { 'node_modules/zod/package.json': { name: 'zod', types: 'index.d.ts' } };
    const imports = ["import { z } from 'zod/v3';", "import { Request } from 'express';"].join('\n');
    const taking = (name, dependencies) => ({
      [`packages/${name}/package.json`]: { ...published(`@greenroom/${name}`), dependencies },
      [`packages/${name}/dist/index.d.ts`]: imports,
    });
    tree = temporaryTree({
      ...zod,
      ...taking('narrow', { zod: '^4.6.7', '@types/express': '^5.0.6' }),
      ...taking('wide', { zod: '^3.25.76 || ^4.0.0', '@types/express': '^4.17.21 || ^5.0.0' }),
    });
    expect(problems()).toEqual([
      expect.stringMatching(/^@greenroom\/narrow: .*'@types\/express'.*'\^4\.17\.21 \|\| \^5\.0\.0'/),
      expect.stringMatching(/^@greenroom\/narrow: .*'zod'.*'\^3\.25\.76 \|\| \^4\.0\.0'/),
    ]);
  });
});
