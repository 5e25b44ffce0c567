// Prints the line that CI reads: how many tests and checks passed and failed. A missing summary counts as a failure.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './lib/workspaces.mjs';

const totals = { passed: 0, failed: 0 };
for (const part of ['test', 'check', 'interop', 'publish']) {
  const name = `${part}-summary.json`;
  const file = join(repositoryRoot, '.cache', name);
  const summary = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1 };
  totals.passed += summary.passed;
  totals.failed += summary.failed;
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
