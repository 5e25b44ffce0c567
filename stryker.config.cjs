// Mutates the engine's wiring and asks its tests whether they notice: `npm run mutation`, or one part of it with
// `npm run mutation -- --mutate 'packages/backend-app-api/src/graph/*.ts'`.
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const engine = 'packages/backend-app-api/src';

module.exports = {
  mutate: [`${engine}/{boot,services,graph}/*.ts`, `!${engine}/**/*.test.ts`],
  testRunner: 'jest',
  jest: {
    projectType: 'custom',
    configFile: 'scripts/engine/jest.config.cjs',
    enableFindRelatedTests: false,
  },
  plugins: ['@stryker-mutator/jest-runner'],
  coverageAnalysis: 'perTest',
  // What runs while a module is loaded is in every test: such a mutant would take a whole run.
  ignoreStatic: true,
  // What is copied is the engine, its tests and what runs them; everything else is used where it is.
  ignorePatterns: [
    '/*',
    '!/packages',
    '/packages/*',
    '!/packages/backend-app-api',
    '!/scripts',
    '!/jest.config.js',
    '!/package.json',
    'dist',
  ],
  // Outside the repository, where other test runs would find a second copy of every package.
  tempDirName: join(tmpdir(), 'greenroom-mutation'),
  incremental: true,
  incrementalFile: '.cache/mutation.json',
  concurrency: 2,
  timeoutMS: 4_000,
  timeoutFactor: 2,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: '.cache/mutation-report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 90, low: 80, break: 80 },
};
