// Our plugins in backends of the published createBackend, and for comparison of ours.
import { ourCatalog } from '../cases/ourCatalog.mjs';
import { ourScaffolder } from '../cases/ourScaffolder.mjs';
import { engines, runCases } from '../lib/runCases.mjs';

/** Yields a row a case and database. */
export async function* ourPlugins(options) {
  yield* runCases([ourCatalog, ourScaffolder], [engines.published, engines.ours], options);
}
