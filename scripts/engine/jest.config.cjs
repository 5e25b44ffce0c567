// The jest configuration for testing mutants of the engine, otherwise the same as that of the repository.
const { resolve } = require('node:path');
const everything = require('../../jest.config.js');

module.exports = {
  rootDir: resolve(__dirname, '../..'),
  testMatch: ['<rootDir>/scripts/engine/engineTests.cjs'],
  testRunner: resolve(__dirname, 'jest-circus-until-failure.cjs'),
  transform: everything.transform,
  testEnvironment: 'node',
  testEnvironmentOptions: everything.testEnvironmentOptions,
  moduleFileExtensions: everything.moduleFileExtensions,
  modulePathIgnorePatterns: everything.modulePathIgnorePatterns,
  // A mutant that makes a test hang is detected by the timeout.
  testTimeout: 2_000,
};
