// `npm run interop`: installs the published packages and ours as packed, runs every part, and writes docs/compatibility.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { installWhenNeeded } from '../scripts/lib/installWhenNeeded.mjs';
import { assertReachable } from './lib/databases.mjs';
import { installOurs } from './lib/installOurs.mjs';
import { installPublished } from './lib/installPublished.mjs';
import { listenForInterrupts } from './lib/interrupt.mjs';
import { readOptions } from './lib/readOptions.mjs';
import { writePage } from './lib/writePage.mjs';
import { parts } from './parts/index.mjs';

const print = text => process.stdout.write(`${text}\n`);
const seconds = since => ((performance.now() - since) / 1000).toFixed(1);

try {
  await interop();
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

async function interop() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return print(options.help);
  if (needsPostgres(options.only)) await assertReachable(options.postgres);
  listenForInterrupts();
  const begin = performance.now();
  if (!(await installWhenNeeded())) throw new Error('Nothing was run.');
  installPublished();
  const tarballs = await installOurs();
  print(`installed after ${seconds(begin)} s`);

  const results = [];
  for (const part of parts) {
    const wholePart = !options.only || options.only.includes(part.id);
    const chosen = id => wholePart || options.only.includes(id);
    const partBegin = performance.now();
    const rows = [];
    for await (const row of part.run({ ...options, chosen, tarballs })) {
      rows.push(row);
      print(`${row.failure ? '✗' : '✓'} ${part.id}: ${row.what}${row.database ? ` on ${row.database}` : ''}`);
      if (row.failure) print(row.failure.replace(/^/gm, '    '));
    }
    if (rows.length > 0) print(`${part.id}: ${seconds(partBegin)} s\n`);
    results.push({ part, rows });
  }
  if (!options.check && !options.only) writePage(results, options);
  report(
    results.flatMap(({ rows }) => rows),
    begin,
  );
}

/** Names that are not of a part are of plugins, and those run on both databases. */
function needsPostgres(only) {
  const free = parts.filter(part => part.withoutPostgres).map(({ id }) => id);
  return !only?.every(name => free.includes(name));
}

function report(rows, begin) {
  const failed = rows.filter(({ failure }) => failure).length;
  const summary = { passed: rows.length - failed, failed };
  const cache = new URL('../.cache/', import.meta.url);
  mkdirSync(cache, { recursive: true });
  writeFileSync(new URL('interop-summary.json', cache), JSON.stringify(summary));
  print(`all of it: ${seconds(begin)} s`);
  print(`${summary.passed} passed, ${summary.failed} failed`);
  if (failed > 0 || rows.length === 0) process.exitCode = 1;
}
