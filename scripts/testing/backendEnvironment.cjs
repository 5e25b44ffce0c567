// The jest environment of this repository: Node's, with database errors that are instances of the test's own Error class.
const { TestEnvironment } = require('jest-environment-node');

// A worker loads the native part of better-sqlite3 once, which keeps the error class of the first test file that used
// it. In later files its errors would belong to another realm, so that neither `instanceof Error` nor `toThrow`
// recognises them.
class BackendEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const [file, nativeModule] of Object.entries(require.cache)) {
      if (/better.sqlite3.*\.node$/.test(file)) nativeModule.exports.isInitialized = false;
    }
  }
}

module.exports = BackendEnvironment;
