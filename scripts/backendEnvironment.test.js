// Shows that database errors are ordinary errors in every test file of a worker, not only in its first.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { repositoryRoot, temporaryTree } = require('./testing/temporaryTree');

const databaseTest = `
  const Database = require(${JSON.stringify(join(repositoryRoot, 'node_modules/better-sqlite3'))});
  it('throws an error', () => {
    let error;
    try {
      new Database(':memory:').exec('nonsense');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(Error);
  });
`;

it.each([
  ['scripts/testing/backendEnvironment.cjs', 0],
  // Without it the second file fails: the reason why it exists.
  ['node_modules/jest-environment-node', 1],
])('runs two files with a database in one worker in %s with exit code %i', (environment, code) => {
  const tree = temporaryTree({
    'first.test.js': databaseTest,
    'second.test.js': databaseTest,
    'package.json': { jest: { testEnvironment: join(repositoryRoot, environment) } },
  });
  try {
    const jest = join(repositoryRoot, 'node_modules/jest/bin/jest.js');
    const args = [jest, '--runInBand', '--no-cache', '--rootDir', tree.root];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: tree.root, encoding: 'utf8' });
    expect(stderr).toContain('Test Suites:');
    expect(status).toBe(code);
  } finally {
    tree.remove();
  }
});
