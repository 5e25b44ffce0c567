// One jest run over every workspace, from the TypeScript sources.
const { availableParallelism } = require('node:os');

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
  // Tests wait for servers and processes for a quarter of their time. Above 100 % jest takes a text for a number of workers.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
};
