// Runs the same random backends on both engines, and sends their differences: `{ count, differences }`.
import * as theirContracts from '@backstage/backend-plugin-api';
import { createSpecializedBackend as theirs } from '@backstage/backend-app-api';
import * as ourContracts from '@greenroom/backend-plugin-api';
import { createSpecializedBackend as ours } from '@greenroom/backend-app-api';
import { olderContracts } from '../features/olderContracts.mjs';
import { randomBackend } from '../features/randomBackend.mjs';

const { failing, policy, count } = JSON.parse(process.env.INTEROP_RANDOM);
const contracts = [ourContracts, theirContracts, olderContracts];
// If nobody else needs a failed service, the published engine leaves an unhandled rejection.
process.on('unhandledRejection', () => {});

const differences = [];
for (let seed = 1; seed <= count; seed++) {
  const [here, there] = [await run(ours, seed), await run(theirs, seed)];
  if (here !== there) differences.push(`seed ${seed}\nhere: ${here}\nthere: ${there}`);
}
process.send({ count, differences }, () => process.exit());

/** Everything observable about a start and a stop, as text. The order of steps is not guaranteed. */
async function run(createSpecializedBackend, seed) {
  const { defaults, features, steps } = randomBackend(seed, { contracts, failing, policy });
  const backend = createSpecializedBackend({ defaultServiceFactories: defaults });
  for (const feature of features) backend.add(feature);
  let started;
  try {
    started = await backend.start();
  } catch (error) {
    if (!error.result) throw error;
    started = error;
  }
  await backend.stop();
  const { outcome, plugins } = started.result;
  // If something failed, how far the rest got depends on the order of attempts.
  return JSON.stringify(
    { outcome, failures: failuresOf(plugins), steps: failing ? [] : steps.sort() },
    null,
    1,
  );
}

/** If a module keeps a plugin from starting, only our engine also reports a failure for the plugin. */
function failuresOf(plugins) {
  const tell = (name, { failure }) => (failure ? [`${name} ${failure.allowed ? 'may fail' : 'fails'}`] : []);
  return plugins
    .flatMap(({ pluginId, failure, modules }) => [
      ...(modules.some(module => module.failure?.allowed === false) ? [] : tell(pluginId, { failure })),
      ...modules.flatMap(module => tell(`${module.moduleId} of ${pluginId}`, module)),
    ])
    .sort();
}
