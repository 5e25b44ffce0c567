// Published plugins in backends created with our createBackend, compared with the published one.
import { engines, runCases } from '../lib/runCases.mjs';
import { startEcho } from '../lib/startEcho.mjs';
import { cases, everything } from '../cases/index.mjs';

/** Yields one row per case and database. */
export async function* publishedPlugins(options) {
  const echo = await startEcho();
  const wanted = options.check && !options.only ? [everything] : cases;
  try {
    yield* runCases(wanted, [engines.ours, engines.published], { ...options, given: { echoUrl: echo.url } });
  } finally {
    await echo.close();
  }
}
