// Published plugins in backends of our createBackend, and for comparison of the published one, on both databases.
import { createDatabase, databases } from '../lib/databases.mjs';
import { median } from '../lib/median.mjs';
import { startBackend } from '../lib/startBackend.mjs';
import { startEcho } from '../lib/startEcho.mjs';
import { versionOf } from '../lib/versions.mjs';
import { cases } from '../cases/index.mjs';

const engines = { ours: '@greenroom/backend-defaults', published: '@backstage/backend-defaults' };

/** Yields one row a case and database. A row is about our engine; what the published one makes of it stands beside. */
export async function* publishedPlugins({ postgres, rounds, chosen }) {
  const echo = await startEcho();
  try {
    for (const plugin of cases) {
      if (!chosen(plugin.id)) continue;
      for (const name of databases) {
        const ours = await attempt(plugin, engines.ours, name, { echo, postgres });
        const published = await attempt(plugin, engines.published, name, { echo, postgres });
        for (let round = 1; round < rounds; round++) {
          for (const [engine, outcome] of [
            [engines.ours, ours],
            [engines.published, published],
          ]) {
            if (!outcome.startedAfterMs) continue;
            const again = await attempt({ ...plugin, async ask() {} }, engine, name, { echo, postgres });
            if (again.startedAfterMs) outcome.startedAfterMs.push(...again.startedAfterMs);
          }
        }
        yield {
          what: plugin.id,
          packages: plugin.features.filter(feature => feature.startsWith('@')).map(versionOf),
          database: name,
          asked: plugin.asked,
          failure: ours.failure,
          published: published.failure ? 'fails too' : 'passes',
          startMs: median(ours.startedAfterMs),
          publishedStartMs: median(published.startedAfterMs),
        };
      }
    }
  } finally {
    await echo.close();
  }
}

/** Starts the backend, asks, and stops it; a failure is an outcome. */
async function attempt(plugin, engine, databaseName, { echo, postgres }) {
  const { database, drop } = createDatabase(databaseName, postgres);
  let backend;
  try {
    const config = plugin.config({ echoUrl: echo.url });
    backend = await startBackend({ engine, features: plugin.features, config, database });
    await plugin.ask(backend);
    const { code, signal } = await backend.stop();
    const failure = code === 0 ? undefined : `did not stop cleanly: code ${code}, signal ${signal}`;
    return { failure, startedAfterMs: [backend.startedAfterMs] };
  } catch (error) {
    await backend?.stop();
    const failure = backend ? `${error.message}\n${backend.output().slice(-2000)}` : error.message;
    return { failure, startedAfterMs: backend && [backend.startedAfterMs] };
  } finally {
    await drop();
  }
}
