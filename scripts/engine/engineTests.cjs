// All tests of the engine in one file, so that the engine is loaded once per mutant. Excludes tests that start
// processes, read other packages or try hundreds of random backends.
const { readdirSync } = require('node:fs');
const { join, relative, resolve } = require('node:path');

const sources = resolve(__dirname, '../../packages/backend-app-api/src');
const left = [
  'errors/EngineError.test.ts',
  'resilience/failedProcess.test.ts',
  'resilience/leaks.test.ts',
  'resilience/randomBackends.test.ts',
  'resilience/signalledProcess.test.ts',
];

// Loaded here, so that its clean-up after each test applies to all files and not only to the first one that loads it.
require(join(sources, 'scenarios/backendFixture.ts'));

const files = readdirSync(sources, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.test.ts'))
  .map(entry => relative(sources, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .filter(file => !left.includes(file))
  // Small tests come first, because they fail fast.
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
