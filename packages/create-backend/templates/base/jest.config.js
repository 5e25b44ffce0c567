// Runs the tests of all packages together, from their TypeScript sources.
module.exports = {
  testMatch: ['<rootDir>/{packages,plugins}/*/src/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
  testEnvironment: 'node',
};
