// A backend as a user would write it: the engine and the features come from the environment, everything else from --config.
import { performance } from 'node:perf_hooks';

const { INTEROP_ENGINE: engine, INTEROP_FEATURES: features } = process.env;

const { createBackend } = await import(engine);
const backend = createBackend();
for (const feature of JSON.parse(features)) backend.add(import(feature));
await backend.start();

// Measured since the process began, so it includes loading all modules.
process.send({ startedAfterMs: performance.now() });
process.on('disconnect', () => process.exit());
