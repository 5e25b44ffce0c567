// A backend as a user writes one: the engine and its features come from the environment, everything else from --config.
import { performance } from 'node:perf_hooks';

const { INTEROP_ENGINE: engine, INTEROP_FEATURES: features } = process.env;

const { createBackend } = await import(engine);
const backend = createBackend();
for (const feature of JSON.parse(features)) backend.add(import(feature));
await backend.start();

// Since the process began, so with all that had to be loaded.
process.send({ startedAfterMs: performance.now() });
process.on('disconnect', () => process.exit());
