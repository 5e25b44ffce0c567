// The jest environment of this repository: Node's, with database errors that are instances of the test's own Error.
const { TestEnvironment } = require('jest-environment-node');

// A worker loads better-sqlite3's native part once and keeps the error class of the first test file that used it.
// In every later file its errors would belong to another realm: neither `instanceof Error` nor seen by `toThrow`.
class BackendEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const [file, nativeModule] of Object.entries(require.cache)) {
      if (/better.sqlite3.*\.node$/.test(file)) nativeModule.exports.isInitialized = false;
    }
  }
}

module.exports = BackendEnvironment;
