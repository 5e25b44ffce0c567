// A jest reporter that writes the totals for CI, and fails a run without tests.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

class TestSummaryReporter {
  #nothingRan = false;

  constructor(globalConfig) {
    this.folder = join(globalConfig.rootDir, '.cache');
  }

  onRunComplete(_contexts, results) {
    // A test file that fails to load counts as one failure, otherwise it would be missing from the totals.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.#nothingRan = results.numPassedTests + failed === 0;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(
      join(this.folder, 'test-summary.json'),
      JSON.stringify({ passed: results.numPassedTests, failed }),
    );
  }

  getLastError() {
    return this.#nothingRan ? new Error('No test ran, so nothing was shown to work.') : undefined;
  }
}

module.exports = TestSummaryReporter;
