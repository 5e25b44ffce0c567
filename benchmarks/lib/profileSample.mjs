// Takes one profile, in its own process: profiles start() in one scenario, and writes the ms per step to file descriptor 3.
import { readFileSync, writeSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { SourceMap } from 'node:module';
import { pathToFileURL } from 'node:url';
import { makers } from '../makers/makers.mjs';
import { scenarios } from '../scenarios/index.mjs';
import { stepOf } from './profileSteps.mjs';

const [scenarioId, makerId, size] = process.argv.slice(2);
const { run } = scenarios.find(({ id }) => id === scenarioId);
const session = new Session();
const maps = new Map();
/** Microseconds between two samples. */
const interval = 100;

try {
  const { api, app } = await makers[makerId].load();
  await run({ api, app: profiled(app), maker: makerId, size: Number(size) });
  process.exit(0);
} catch (error) {
  writeSync(2, `${error?.stack ?? error}\n`);
  process.exit(1);
}

function profiled(app) {
  return {
    createSpecializedBackend(options) {
      const backend = app.createSpecializedBackend(options);
      const start = async () => {
        session.connect();
        await session.post('Profiler.enable');
        await session.post('Profiler.setSamplingInterval', { interval });
        await session.post('Profiler.start');
        const result = await backend.start();
        const { profile } = await session.post('Profiler.stop');
        writeSync(3, JSON.stringify(millisecondsBySteps(profile)));
        return result;
      };
      return { add: feature => backend.add(feature), start };
    },
  };
}

function millisecondsBySteps({ nodes, samples, timeDeltas }) {
  const steps = {};
  const stepOfNode = new Map();
  // Parents come first. Frames without a file, such as array methods, belong to the step of their caller.
  for (const { id, callFrame, children } of nodes) {
    const step = stepOf(callFrame.functionName, sourceOf(callFrame)) ?? stepOfNode.get(id);
    stepOfNode.set(id, step);
    for (const child of children ?? []) stepOfNode.set(child, step);
  }
  samples.forEach((node, at) => {
    const step = stepOfNode.get(node);
    if (step === undefined) return;
    // If a sample is late, something else had the processor.
    steps[step] = (steps[step] ?? 0) + Math.min(timeDeltas[at], 5 * interval) / 1_000;
  });
  return steps;
}

/** The URL of the original source file of a frame; undefined for V8 built-ins. */
function sourceOf({ url, lineNumber, columnNumber }) {
  if (!url.includes('/dist/')) return url || undefined;
  const mapUrl = new URL(`${url.startsWith('file:') ? url : pathToFileURL(url)}.map`);
  if (!maps.has(url)) maps.set(url, new SourceMap(JSON.parse(readFileSync(mapUrl, 'utf8'))));
  const { originalSource } = maps.get(url).findEntry(lineNumber, columnNumber);
  return originalSource ? new URL(originalSource, mapUrl).href : url;
}
