// Runs cases on two engines alternately, on both databases. A row is about the first engine, and the second is for
// comparison, unless this is only a check.
import { summarize } from '../../benchmarks/lib/statistics.mjs';
import { createDatabase, databases } from './databases.mjs';
import { startBackend } from './startBackend.mjs';
import { versionOf } from './versions.mjs';

/** The packages that export `createBackend`. */
export const engines = { ours: '@greenroom/backend-defaults', published: '@backstage/backend-defaults' };

/** Yields one row per case and database. */
export async function* runCases(cases, [first, second], { check, postgres, rounds, chosen, given }) {
  for (const plugin of cases) {
    if (!chosen(plugin.id)) continue;
    for (const name of databases) {
      const start = (engine, ask) =>
        attempt({ ...plugin, ask }, engine, createDatabase(name, postgres), given);
      const attempts = [[await start(first, plugin.ask)], check ? [] : [await start(second, plugin.ask)]];
      for (let round = 1; round < rounds; round++) {
        attempts[0].push(await start(first, async () => {}));
        attempts[1].push(await start(second, async () => {}));
      }
      const [about, beside] = attempts.map(summary);
      yield {
        what: plugin.id,
        packages: plugin.features.filter(feature => feature.startsWith('@')).map(versionOf),
        database: name,
        asked: plugin.asked,
        failure: about.failure,
        beside: beside.failure ? 'fails too' : 'works',
        startMs: about.startMs,
        besideMs: beside.startMs,
      };
    }
  }
}

/** The first failure, if any attempt failed, and the median time of the starts. */
function summary(attempts) {
  const times = attempts.flatMap(({ startedAfterMs }) => startedAfterMs ?? []);
  return {
    failure: attempts.find(({ failure }) => failure)?.failure,
    startMs: times.length > 0 ? summarize(times).median : undefined,
  };
}

/** Starts the backend, runs the queries and stops it. A failure is a result, not an exception. */
async function attempt({ features, config, ask }, engine, { database, drop }, given) {
  let backend;
  try {
    backend = await startBackend({ engine, features, config: config(given), database });
    await ask(backend);
    const { code, signal } = await backend.stop();
    const failure = code === 0 ? undefined : `did not stop cleanly: code ${code}, signal ${signal}`;
    return { failure, startedAfterMs: backend.startedAfterMs };
  } catch (error) {
    await backend?.stop();
    const failure = backend ? `${error.message}\n${backend.output().slice(-2000)}` : error.message;
    return { failure, startedAfterMs: backend?.startedAfterMs };
  } finally {
    await drop();
  }
}
