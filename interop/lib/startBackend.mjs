// Starts a backend with some features on an engine, and waits until it has started.
import { fileURLToPath } from 'node:url';
import { launch, patienceMs } from './launch.mjs';

const program = fileURLToPath(new URL('../programs/backend.mjs', import.meta.url));

/**
 * Starts `features`, a list of module specifiers, on `engine`, the package that exports `createBackend`. Rejects with
 * the end of the output if the backend does not start.
 */
export async function startBackend({ engine, features, ...rest }) {
  const backend = await launch({
    ...rest,
    program,
    env: { INTEROP_ENGINE: engine, INTEROP_FEATURES: JSON.stringify(features) },
  });
  const started = new Promise(resolve => backend.child.once('message', resolve));
  const late = new Promise(resolve => setTimeout(resolve, patienceMs, 'late').unref());
  const first = await Promise.race([started, backend.ended, late]);
  if (!first.startedAfterMs) {
    await backend.stop();
    throw new Error(`did not start (${JSON.stringify(first)}):\n${backend.output().slice(-4000)}`);
  }
  return { ...backend, startedAfterMs: first.startedAfterMs };
}
