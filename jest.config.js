// One jest run over every workspace, from the TypeScript sources.
module.exports = {
  testMatch: ['<rootDir>/{packages,plugins}/*/src/**/*.test.ts', '<rootDir>/scripts/**/*.test.js'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  testEnvironment: 'node',
  testEnvironmentOptions: {
    customExportConditions: ['greenroom-source', 'require', 'node', 'node-addons', 'default'],
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['/dist/'],
};
