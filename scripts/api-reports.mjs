// `yarn api-reports`: compares each package's public declarations with its report.api.md; `--update` rewrites it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apiReport } from './lib/apiReport.mjs';
import { firstDifference } from './lib/firstDifference.mjs';
import { publishable, readWorkspaces } from './lib/workspaces.mjs';

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });

for (const workspace of publishable(readWorkspaces())) {
  const file = join(workspace.dir, 'report.api.md');
  const expected = apiReport(workspace);
  const actual = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (actual === expected) continue;
  if (values.update) {
    writeFileSync(file, expected);
    console.log(`wrote ${workspace.path}/report.api.md`);
    continue;
  }
  process.exitCode = 1;
  console.error(
    actual === undefined
      ? `${workspace.path} has no report.api.md`
      : `${workspace.path}/report.api.md does not fit the public declarations:\n${firstDifference(actual, expected)}`,
  );
}

if (process.exitCode) {
  console.error(
    'If the change of the public API is meant, run `npm run api-reports` and commit what it writes.',
  );
}
