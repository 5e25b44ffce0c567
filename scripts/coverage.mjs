// `npm run coverage`: how much of the engine its in-process tests cover. Fails below 95 % of branches.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from './lib/workspaces.mjs';

const sources = 'packages/backend-app-api/src';
const counted = [`${sources}/**/*.ts`, '!**/{scenarios,resilience,diagnostics}/**', '!**/*.test.ts'];

process.env.NODE_ENV ??= 'test';
process.chdir(repositoryRoot);
const jest = createRequire(join(repositoryRoot, 'package.json'))('jest');
await jest.run([
  '--config=scripts/engine/jest.config.cjs',
  '--coverage',
  '--coverageDirectory=coverage',
  ...['text', 'json'].map(reporter => `--coverageReporters=${reporter}`),
  ...counted.map(pattern => `--collectCoverageFrom=${pattern}`),
  `--coverageThreshold=${JSON.stringify({ global: { branches: 95 } })}`,
  ...process.argv.slice(2),
]);
