// Our plugins in backends created with the published createBackend, compared with our own.
import { ourCatalog } from '../cases/ourCatalog.mjs';
import { ourScaffolder } from '../cases/ourScaffolder.mjs';
import { engines, runCases } from '../lib/runCases.mjs';

/** Yields one row per case and database. */
export async function* ourPlugins(options) {
  // The scaffolder's backend also contains the catalog with its modules.
  const cases = options.check && !options.only ? [ourScaffolder] : [ourCatalog, ourScaffolder];
  yield* runCases(cases, [engines.published, engines.ours], options);
}
