// Which way imports may go: between the packages, inside the engine, and to what a package did not declare.
const { existsSync, readFileSync, readdirSync } = require('node:fs');

// Tests and what only they use may import more than what is published.
const testCode = '\\.test\\.ts$|/src/(testing|typeTests|scenarios|diagnostics|resilience|regressions)/';
const anyWorkspace = '^(packages|plugins)/[^/]+/src/';

const forbidden = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbidden(
      'no-cycles',
      'Files that import each other in a circle, types included, can only be understood together.',
      {},
      { circular: true },
    ),
    forbidden(
      'no-unresolvable',
      'An import that leads nowhere: misspelt, or not installed.',
      {},
      { couldNotResolve: true },
    ),
    forbidden(
      'declared-dependencies-only',
      'A published file imports what its own package.json does not list; it would be missing after an install.',
      { path: anyWorkspace, pathNot: testCode },
      // The list of which peers are optional is taken for a list of packages that is unknown.
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    ),
    forbidden(
      'no-dev-dependencies',
      'A published file imports a development dependency; users do not get those.',
      { path: anyWorkspace, pathNot: testCode },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'npm', 'npm-optional'] },
    ),
    forbidden(
      'no-tests-in-sources',
      'A published file imports a test or what only tests use.',
      { path: anyWorkspace, pathNot: testCode },
      { path: testCode },
    ),
    forbidden(
      'packages-by-name',
      'Another package is imported by its name, never by a path into its folder.',
      { path: '^(packages|plugins)/([^/]+)/' },
      { path: '^(packages|plugins)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    ),
    forbidden(
      'plugin-api-is-the-base',
      'backend-plugin-api holds contracts: it imports no other package of this repository.',
      { path: '^packages/backend-plugin-api/src/' },
      { path: '^(packages|plugins)/', pathNot: '^packages/backend-plugin-api/' },
    ),
    forbidden(
      'app-api-knows-only-plugin-api',
      'The engine imports backend-plugin-api and nothing else of this repository.',
      { path: '^packages/backend-app-api/src/' },
      { path: '^(packages|plugins)/', pathNot: '^packages/(backend-(app|plugin)-api|testing)/' },
    ),
    forbidden(
      'defaults-know-only-the-apis',
      'backend-defaults imports the engine and the plugin API; test-utils and plugins come after it.',
      { path: '^packages/backend-defaults/src/' },
      { path: '^(packages|plugins)/', pathNot: '^packages/(backend-(defaults|app-api|plugin-api)|testing)/' },
    ),
    forbidden(
      'testing-is-for-tests',
      'packages/testing is not published: only tests import it.',
      { pathNot: ['^packages/testing/', testCode] },
      { path: '^packages/testing/' },
    ),
    forbidden(
      'testing-knows-only-contracts',
      'packages/testing serves the tests of every package, so it imports only backend-plugin-api.',
      { path: '^packages/testing/' },
      { path: '^(packages|plugins)/', pathNot: '^packages/(testing|backend-plugin-api)/' },
    ),
    forbidden(
      'test-utils-know-no-plugins',
      'backend-test-utils serves every plugin, so it imports none.',
      { path: '^packages/backend-test-utils/src/' },
      { path: '^(plugins|packages/example-)' },
    ),
    forbidden(
      'internal-is-for-the-engine',
      'backend-plugin-api/internal is shared with backend-app-api, backend-defaults and backend-test-utils only.',
      {
        path: '^(packages|plugins)/',
        pathNot: '^packages/backend-(plugin-api|app-api|defaults|test-utils)/',
      },
      { path: '^packages/backend-plugin-api/src/internal/' },
    ),
    forbidden(
      'internal-is-for-own-plugins',
      "catalog-node/internal is shared with Greenroom's own plugins of the catalog and the scaffolder only.",
      { path: '^(packages|plugins)/', pathNot: '^plugins/(catalog|scaffolder)-' },
      { path: '^plugins/catalog-node/src/internal/' },
    ),
    forbidden(
      'plugins-import-contracts',
      'Plugins import backend-plugin-api and -node libraries: never the engine, its defaults or an example.',
      { path: '^plugins/', pathNot: testCode },
      { path: '^packages/', pathNot: '^packages/backend-plugin-api/' },
    ),
    forbidden(
      'no-foreign-plugin-backends',
      "What a plugin offers to others is in its -node library; another package's -backend or module is not imported.",
      { path: '^plugins/([^/]+)/' },
      { path: '^plugins/[^/]+-backend', pathNot: '^plugins/$1/' },
    ),
    forbidden(
      'node-libraries-stay-light',
      'A -node library imports backend-plugin-api and other -node libraries only.',
      { path: '^plugins/[^/]+-node/src/', pathNot: testCode },
      { path: '^(packages|plugins)/', pathNot: '^(packages/backend-plugin-api|plugins/[^/]+-node)/' },
    ),
    forbidden(
      'examples-are-ends',
      'Nothing that is published imports an example.',
      { pathNot: '^packages/example-' },
      { path: '^packages/example-' },
    ),
    ...engineLayers(),
    ...declaredWorkspaces(),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|\\.d\\.ts$|^packages/create-backend/templates/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['greenroom-source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
    combinedDependencies: false,
  },
};

// Inside the engine: Backend -> boot -> services -> graph; errors and report import none of them.
function engineLayers() {
  const engine = '^packages/backend-app-api/src/';
  const layers = ['boot', 'services', 'graph'];
  const rules = layers.map((layer, index) =>
    forbidden(
      `engine-${layer}-imports-downwards`,
      'Inside the engine imports go Backend -> boot -> services -> graph.',
      { path: `${engine}${layer}/`, pathNot: testCode },
      {
        path: `${engine}(Backend\\.ts|createSpecializedBackend\\.ts|index\\.ts|${
          layers
            .slice(0, index)
            .map(upper => `${upper}/`)
            .join('|') || 'index\\.ts'
        })`,
      },
    ),
  );
  return [
    ...rules,
    ...['errors', 'report'].map(leaf =>
      forbidden(
        `engine-${leaf}-is-a-leaf`,
        'Every part of the engine imports its errors and its spans, so they import none of those parts.',
        { path: `${engine}${leaf}/`, pathNot: testCode },
        { path: engine, pathNot: `${engine}${leaf}/` },
      ),
    ),
  ];
}

// Packages of this repository are links to folders, which the rules about dependencies in general do not understand.
function declaredWorkspaces() {
  const workspaces = ['packages', 'plugins']
    .filter(folder => existsSync(folder))
    .flatMap(folder => readdirSync(folder).map(name => `${folder}/${name}`))
    .filter(path => existsSync(`${path}/package.json`))
    .map(path => ({ path, manifest: JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) }));
  return workspaces.flatMap(({ path, manifest }) => {
    const { dependencies, peerDependencies, devDependencies } = manifest;
    const allowed = declared =>
      `^(${[path, ...workspaces.filter(other => other.manifest.name in declared).map(other => other.path)].join('|')})/`;
    const to = declared => ({ path: anyWorkspace, pathNot: allowed(declared) });
    return [
      forbidden(
        'declared-packages-only',
        'A published file imports a package of this repository that its own package.json does not list.',
        { path: `^${path}/src/`, pathNot: testCode },
        to({ ...dependencies, ...peerDependencies }),
      ),
      forbidden(
        'declared-packages-only-in-tests',
        'A test imports a package of this repository that its own package.json does not list, for development either.',
        { path: `^${path}/src/.*(${testCode})` },
        to({ ...dependencies, ...peerDependencies, ...devDependencies }),
      ),
    ];
  });
}
