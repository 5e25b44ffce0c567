// Published plugins in backends of our createBackend, and for comparison of the published one.
import { engines, runCases } from '../lib/runCases.mjs';
import { startEcho } from '../lib/startEcho.mjs';
import { cases } from '../cases/index.mjs';

/** Yields a row a case and database. */
export async function* publishedPlugins(options) {
  const echo = await startEcho();
  try {
    yield* runCases(cases, [engines.ours, engines.published], { ...options, given: { echoUrl: echo.url } });
  } finally {
    await echo.close();
  }
}
