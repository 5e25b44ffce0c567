// `npm run bench`: installs the peers, builds the engine, runs the scenarios, prints the tables and writes docs/benchmarks.md.
import { installWhenNeeded } from '../scripts/lib/installWhenNeeded.mjs';
import { beginRun, endRun, hasPostgres } from './lib/benchDatabases.mjs';
import { buildEngine } from './lib/buildEngine.mjs';
import { buildSpanRecorder } from './lib/buildSpanRecorder.mjs';
import { describeMachine, machineLoad } from './lib/describeMachine.mjs';
import { installPeers } from './lib/installPeers.mjs';
import { measure } from './lib/measure.mjs';
import { readOptions } from './lib/readOptions.mjs';
import { isProfiled, profileTables } from './lib/profile.mjs';
import { measuredTable, missedTargets, targetTable } from './lib/report.mjs';
import { keepResult, readResults } from './lib/results.mjs';
import { writeEmptyPackage } from './lib/writeEmptyPackage.mjs';
import { writePage } from './lib/writePage.mjs';
import { scenarios } from './scenarios/index.mjs';

const print = text => process.stdout.write(`${text}\n`);

try {
  await bench();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function bench() {
  const options = readOptions(process.argv.slice(2), scenarios);
  if (options.help) return print(options.help);
  if (!(await installWhenNeeded())) throw new Error('Nothing was measured.');
  installPeers();
  writeEmptyPackage();
  buildEngine();
  await buildSpanRecorder();

  const { load, busy } = machineLoad();
  print(`${describeMachine()}\n`);
  if (busy) print(`The machine is busy (load average ${load.toFixed(1)}): the numbers will be off.\n`);
  if (options.profile) return print(profileTables(options.rounds).join('\n\n'));
  const chosen = await withoutMissingServers(options.chosen);
  const measured = await measureAll(chosen, options);

  if (options.quick)
    return print('Quick sizes: everything runs; targets are judged, and the page written, without --quick.');
  print(targetTable(measured) ?? 'No target belongs to this scenario.');
  print(['', ...missedTargets(measured)].join('\n'));
  if (chosen.some(({ id }) => isProfiled(id))) {
    const { rounds } = options;
    keepResult('profile', { load: machineLoad().load, rounds, tables: profileTables(rounds) });
  }
  const lacking = writePage(scenarios, readResults());
  print(
    lacking.length === 0
      ? '\nWritten to docs/benchmarks.md.'
      : `\ndocs/benchmarks.md is written once every scenario has been run; not yet: ${lacking.join(', ')}.`,
  );
}

async function measureAll(chosen, options) {
  beginRun();
  // Ctrl-C ends the sample, and with it the run, which still removes its databases.
  process.once('SIGINT', () => {});
  try {
    return chosen.map(scenario => {
      const { load } = machineLoad();
      const results = measure(scenario, options);
      if (!options.quick) keepResult(scenario.id, { load, rounds: options.rounds, results });
      print(`${scenario.id}: ${scenario.title}\n\n${measuredTable(scenario, results)}\n`);
      return { scenario, results };
    });
  } finally {
    await endRun();
  }
}

async function withoutMissingServers(chosen) {
  if (!chosen.some(({ database }) => database === 'postgres') || (await hasPostgres())) return chosen;
  print(
    'Without scenarios on PostgreSQL: no server answers; GREENROOM_TEST_POSTGRES names one that is not on this machine.\n',
  );
  return chosen.filter(({ database }) => database !== 'postgres');
}
