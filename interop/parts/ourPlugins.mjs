// Our plugins in backends of the published createBackend, and for comparison of ours.
import { ourCatalog } from '../cases/ourCatalog.mjs';
import { ourScaffolder } from '../cases/ourScaffolder.mjs';
import { engines, runCases } from '../lib/runCases.mjs';

/** Yields a row a case and database. */
export async function* ourPlugins(options) {
  // The scaffolder's backend has the catalog with its modules too.
  const cases = options.check && !options.only ? [ourScaffolder] : [ourCatalog, ourScaffolder];
  yield* runCases(cases, [engines.published, engines.ours], options);
}
