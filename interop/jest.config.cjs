// The jest configuration for tests/: like that of a published plugin, with the test utilities named in INTEROP_TEST_UTILS.
const { dirname, join } = require('node:path');

const standIn = process.env.INTEROP_TEST_UTILS;
const published = dirname(require.resolve('@backstage/backend-test-utils'));

module.exports = {
  testMatch: ['<rootDir>/tests/*.test.js'],
  testEnvironment: 'node',
  transform: {
    '/tests/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  moduleNameMapper: {
    '^published-test-utils$': join(published, 'index.cjs.js'),
    '^published-test-utils/alpha$': join(published, 'alpha.cjs.js'),
    '^@backstage/backend-test-utils(/alpha)?$': `${standIn}$1`,
  },
  testTimeout: 60_000,
  cacheDirectory: '<rootDir>/.cache/jest',
};
