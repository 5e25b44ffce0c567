// Makes a catalog ingest the generated entities, and keeps the filled database for later scenarios of the run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCatalog, writeCatalog } from '../fixtures/generatedCatalog.mjs';
import { checkServed, untilCounted } from './askCatalog.mjs';
import { createDatabase, gatherStatistics, runFolder } from './benchDatabases.mjs';
import { startServer } from './startServer.mjs';

/** The time limit for ingesting the entities. */
export const fillLimitMs = 300_000;

/**
 * Measures from the start of the process until everything is served: `{ servedMs, cpuMs, over }`, where `cpuMs` is
 * the processor time of the process. With `over` the limit was exceeded, and both are the values at that point.
 */
export async function fillCatalog({ maker, size, database: kind }) {
  const database = createDatabase(kind);
  const catalog = generateCatalog(size);
  const server = await startCatalog({ maker, size, catalog, database });
  try {
    const begin = performance.now() - server.readyMs;
    const done = await untilCounted(server, catalog.relations, begin + fillLimitMs);
    const servedMs = performance.now() - begin;
    const cpuMs = (await server.usage()).cpuUs / 1_000;
    const record = recordOf({ maker, size, database: kind });
    if (!done) {
      writeFileSync(record, JSON.stringify({ over: true }));
      return { servedMs, cpuMs, over: true };
    }
    await checkServed(server, catalog.relations);
    await gatherStatistics(database);
    writeFileSync(record, JSON.stringify({ database }));
    return { servedMs, cpuMs };
  } finally {
    await server.stop();
  }
}

/**
 * Starts a catalog with all entities in a fresh process, on the database that was last filled in this run, or filled
 * now. Returns undefined if filling exceeds the limit.
 */
export async function startFilledCatalog({ maker, size, database: kind }) {
  const record = recordOf({ maker, size, database: kind });
  if (!existsSync(record)) await fillCatalog({ maker, size, database: kind });
  const { database, over } = JSON.parse(readFileSync(record, 'utf8'));
  if (over) return undefined;
  const catalog = generateCatalog(size);
  const server = await startCatalog({ maker, size, catalog, database });
  try {
    await checkServed(server, catalog.relations);
    return { server, catalog };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function startCatalog({ maker, size, catalog, database }) {
  const folder = join(runFolder(), `entities-${size}`);
  if (!existsSync(folder)) writeCatalog(folder, catalog);
  const config = {
    catalog: {
      rules: [{ allow: ['Location', 'Group', 'User', 'Domain', 'System', 'API', 'Resource', 'Component'] }],
      locations: [{ type: 'file', target: join(folder, '*.yaml') }],
      // Keeps the catalog from reading anything again while requests are measured.
      processingInterval: { hours: 12 },
    },
  };
  return startServer({ maker, features: 'catalog', config, database });
}

function recordOf({ maker, size, database }) {
  return join(runFolder(), `filled-${maker}-${size}-${database}.json`);
}
