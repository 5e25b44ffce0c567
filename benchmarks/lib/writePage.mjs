// Writes docs/benchmarks.md: the targets, the method, and all tables.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fillLimitMs } from './fillCatalog.mjs';
import { budgetMs } from './measure.mjs';
import { measuredTable, missedTargets, targetTable } from './report.mjs';

const pageFile = new URL('../../docs/benchmarks.md', import.meta.url);

/**
 * Replaces the page with the stored results of these scenarios, whenever they were measured. Returns the ids of those
 * that never were, in which case the page stays as it is.
 */
export function writePage(scenarios, kept) {
  const lacking = ['profile', ...scenarios.map(({ id }) => id)].filter(id => !kept[id]);
  if (lacking.length > 0) return lacking;
  const measured = scenarios.map(scenario => ({ scenario, ...kept[scenario.id] }));
  const machines = new Set(measured.map(({ machine }) => machine));
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const peers = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`);
  mkdirSync(new URL('.', pageFile), { recursive: true });
  writeFileSync(
    pageFile,
    `# Benchmarks

Written by \`npm run bench\`. Don't edit: run it again.

${targetTable(measured)}

${missedSection(measured)}## Where the time of a start goes

Samples of the processor in start() alone, summed up by the source file they fell in; medians of ${kept.profile.rounds} fresh
processes, ${kept.profile.date}, load average ${kept.profile.load.toFixed(1)}. Sampling
itself takes its part, so the shares say more than the milliseconds. Few functions run often enough here to be compiled well:
most of the time is code that runs for the first few hundred times, and memory that is touched for the first time.
\`npm run bench -- --profile\` takes these tables alone.

${kept.profile.tables.join('\n\n')}

## How it is measured

- Every sample is a fresh process with \`NODE_ENV=production\`. The makers take turns (A B A B) in one run, so that
  whatever else the machine does falls on all of them alike. Tables show the median and the smallest and largest sample.
- A scenario is one file that gets \`{ api, app }\`, the two packages of either maker, so the very same code runs against both.
  Each sample checks that every plugin, module and service it counts on has run, or its time does not count.
- "3 plugin services" are three references that all plugins share, each with one factory that makes an instance a plugin and
  leans on core services and on the other two. The other reading, three references of each plugin's own with factories that are
  added to the backend, was measured once: there the published engine's cost per plugin grows with N (252, 3,203 and 36,996 ms of
  processor time at N = 1,000, 5,000 and 20,000; greenroom 140, 427 and 1,304), so that reading would have shown more.
- greenroom is what is published: the built CommonJS of \`@greenroom/backend-plugin-api\` and \`@greenroom/backend-app-api\`.
- The bare loop gets the same features. It collects their registrations, keeps a Map a plugin, calls the service factories,
  the extension points and the inits, awaits each init, and does nothing else: no checks, no graph, no report.
- Heap: \`heapUsed\` after a collection with the started backend alive, less the same before it was created. Features count as kept.
- Importing: the wall time of \`node -e "require(...)"\`, five processes a round.
- Span recording: the spans of a real start are recorded once more by the engine's own recorder in the same process, with a reading
  of the clock wherever the start took one of its own; the
  share is that time over the start's. The engine always records, so there is no start without spans to compare with.
- Peers: a plugin is what comes closest in each of them: a function in avvio, a scope in awilix, a dynamic module in Nest. Timed is
  from everything declared to every init awaited.
- The defaults: a backend with all default services, its configuration from a file, SQLite in memory, the request log on and
  written to a file. Servers run in a process of their own; autocannon asks from another, with 50 kept connections, in slices of
  a second of which the first warms up. Where two figures of one maker are compared, they take turns within a sample. The
  processor time of the server a request says the same on a busy machine, where rates do not.
- Readiness: from the start of the process to the first 200 of the readiness probe, asked every 5 ms; memory is read then.
- Installed size: the packed packages and better-sqlite3 in an empty folder, by \`npm install --ignore-scripts\`, so without the
  compiled driver on either side; sizes are whole blocks, as \`du\` counts.
- Catalog and scaffolder: the built plugins on their own defaults on either side, SQLite in files or the same PostgreSQL server,
  a fresh process and for what fills a database a fresh database each sample. All generated entities come from YAML files of 100
  each, and every one of them has to be served with exactly its relations. Filling is stopped after ${fillLimitMs / 1000} s; then the table says
  "over", and the ratio "under", of what is known.
- Requests to a catalog go to the database that was filled before in the same run, over 10 connections, two seconds for each kind after
  half a second to warm up, several different requests of a kind in turn. The answer to each is compared with what was generated
  before it is counted. Nothing changes meanwhile and three to a hundred different requests of a kind are repeated, so what was
  asked before can come from memory, on either side: most of ours does.
  PostgreSQL has gathered its statistics by then, on either side.
- Tasks: the same template on either side fills in a skeleton, renames a file and logs; ten clients create tasks, ten run at a time, and
  the events of each have to show that all three steps were done. Ten tasks go before those that count.
- A maker takes no further rounds of a size on which it would spend more than ${budgetMs / 1000} s, or three minutes of requests to catalogs; the column
  \`samples\` shows it.

- A scenario says when it was measured, in how many rounds, and the load average of the machine just before.
  \`npm run bench -- --only SCENARIO\` renews one of them.

Machine: ${[...machines].join('; or, where a scenario says so: ')}.

Compared with: ${peers.join(', ')}.

## What was measured

${measured.map(one => section(one, machines)).join('\n')}`,
  );
  return lacking;
}

function section({ scenario, results, date, machine, rounds, load }, [usual]) {
  const taken = Math.min(rounds, scenario.rounds ?? rounds);
  const elsewhere = machine === usual ? '' : `, ${machine}`;
  const conditions = `${date}, ${taken} rounds, load average ${load.toFixed(1)}${elsewhere}`;
  return `### ${scenario.title}\n\n${conditions}\n\n${measuredTable(scenario, results)}\n`;
}

function missedSection(measured) {
  const lines = missedTargets(measured);
  return lines.length === 0 ? '' : `What is missed, by the numbers of this run:\n\n${lines.join('\n')}\n\n`;
}
