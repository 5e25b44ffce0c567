// One jest run over every workspace, from the TypeScript sources.
module.exports = {
  testMatch: ['<rootDir>/{packages,plugins}/*/src/**/*.test.ts', '<rootDir>/scripts/**/*.test.js'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironment: '<rootDir>/scripts/testing/backendEnvironment.cjs',
  testEnvironmentOptions: {
    customExportConditions: ['greenroom-source', 'require', 'node', 'node-addons', 'default'],
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['/dist/'],
  reporters: ['default', '<rootDir>/scripts/lib/testSummaryReporter.cjs'],
  cacheDirectory: '<rootDir>/.cache/jest',
  testTimeout: 20_000,
  // Jest leaves a core idle by default, which on a machine with two would halve the speed.
  maxWorkers: '100%',
};
