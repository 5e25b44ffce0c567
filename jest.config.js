// One jest run over every workspace, from the TypeScript sources.
// What jest has to make of ES modules on Node 20, where it can't load them itself.
const toCommonJs = jsc => [
  '@swc/jest',
  { jsc: { target: 'es2022', ...jsc }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
];

module.exports = {
  testMatch: ['<rootDir>/{packages,plugins}/*/src/**/*.test.ts', '<rootDir>/scripts/**/*.test.js'],
  transform: {
    '^.+\\.ts$': toCommonJs({ parser: { syntax: 'typescript' } }),
    '/node_modules/(jose|modern-tar)/.+\\.js$': toCommonJs(),
  },
  transformIgnorePatterns: ['/node_modules/(?!(jose|modern-tar)/)'],
  testEnvironment: '<rootDir>/scripts/testing/backendEnvironment.cjs',
  testEnvironmentOptions: {
    customExportConditions: ['greenroom-source', 'require', 'node', 'node-addons', 'default'],
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['/dist/', '/packages/create-backend/templates/'],
  reporters: ['default', '<rootDir>/scripts/lib/testSummaryReporter.cjs'],
  cacheDirectory: '<rootDir>/.cache/jest',
  testTimeout: 20_000,
  // Jest leaves a core idle by default, which on a machine with two would halve the speed.
  maxWorkers: '100%',
};
