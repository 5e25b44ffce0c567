// How a mutant of the engine is tested; otherwise like every test of the repository.
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
  // What hangs because of a mutant is noticed by that.
  testTimeout: 2_000,
};
