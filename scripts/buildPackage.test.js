// Builds a package that asks for its own file, and shows that it finds it in both kinds of module, and loads in bundles of others.
const { join, relative } = require('node:path');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

let tree;

beforeAll(() => {
  tree = temporaryTree({
    'package.json': { name: '@greenroom/one', version: '1.0.0' },
    'src/index.ts': 'export const places = () => [__filename, __dirname];',
    'of-import.mjs': "import { places } from './dist/index.mjs';\nconsole.log(JSON.stringify(places()));",
    'of-require.cjs': "console.log(JSON.stringify(require('./dist/index.js').places()));",
  });
  // What makes the declarations looks for TypeScript where it is run.
  tree.link('node_modules', relative(tree.root, join(repositoryRoot, 'node_modules')));
  const { status, output } = tree.run(join(repositoryRoot, 'scripts/lib/buildPackage.mjs'));
  if (status !== 0) throw new Error(output);
}, 60_000);

afterAll(() => tree.remove());

const placesOf = file => JSON.parse(tree.run(file).stdout);

it('knows its file as an ES module and as CommonJS', () => {
  const dist = join(tree.root, 'dist');
  expect(placesOf('of-import.mjs')).toEqual([join(dist, 'index.mjs'), dist]);
  expect(placesOf('of-require.cjs')).toEqual([join(dist, 'index.js'), dist]);
});

it.each(['cjs', 'esm'])('takes the file of the program for its own where it is bundled as %s', format => {
  const outfile = `bundled.${format === 'cjs' ? 'cjs' : 'mjs'}`;
  const { output } = tree.run(
    '--eval',
    `require(require.resolve('esbuild', { paths: [${JSON.stringify(require.resolve('tsup'))}] })).buildSync(
      { entryPoints: ['of-import.mjs'], bundle: true, platform: 'node', format: '${format}', outfile: '${outfile}' },
    );`,
  );
  expect(output).not.toContain('rror');
  expect(placesOf(outfile)).toEqual([join(tree.root, outfile), tree.root]);
});
