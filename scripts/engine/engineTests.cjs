// Every test of the engine as one file, so that a mutant costs one loading of the engine: without those that start
// processes, read other packages or try hundreds of random backends.
const { readdirSync } = require('node:fs');
const { join, relative, resolve } = require('node:path');

const sources = resolve(__dirname, '../../packages/backend-app-api/src');
const left = [
  'errors/EngineError.test.ts',
  'resilience/cleanFailure.test.ts',
  'resilience/failedProcess.test.ts',
  'resilience/randomBackends.test.ts',
  'resilience/signalledProcess.test.ts',
  'scenarios/processExit.test.ts',
];

// Its clean-up after each test is for all of them, and not only for the file that loads it first.
require(join(sources, 'scenarios/backendFixture.ts'));

const files = readdirSync(sources, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map(entry => relative(sources, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .filter(file => !left.includes(file))
  // The small ones come first: what they notice is noticed at once.
  .sort(
    (a, b) =>
      Number(/^(scenarios|resilience|diagnostics)/.test(a)) -
      Number(/^(scenarios|resilience|diagnostics)/.test(b)),
  );

for (const file of files) {
  describe(file, () => {
    require(join(sources, file));
  });
}
