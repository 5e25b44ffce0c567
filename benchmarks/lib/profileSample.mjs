// One profile, in a process of its own: runs a scenario once, samples the processor in start() alone, writes the milliseconds of each step to file descriptor 3.
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
  // Parents come first. What has no file, such as a method of arrays, is a part of what calls it.
  for (const { id, callFrame, children } of nodes) {
    const step = stepOf(callFrame.functionName, sourceOf(callFrame)) ?? stepOfNode.get(id);
    stepOfNode.set(id, step);
    for (const child of children ?? []) stepOfNode.set(child, step);
  }
  samples.forEach((node, at) => {
    const step = stepOfNode.get(node);
    if (step === undefined) return;
    // Where a sample comes late, somebody else had the processor.
    steps[step] = (steps[step] ?? 0) + Math.min(timeDeltas[at], 5 * interval) / 1_000;
  });
  return steps;
}

/** The address of the file that a frame was written in; undefined for what is built into V8. */
function sourceOf({ url, lineNumber, columnNumber }) {
  if (!url.includes('/dist/')) return url || undefined;
  const mapUrl = new URL(`${url.startsWith('file:') ? url : pathToFileURL(url)}.map`);
  if (!maps.has(url)) maps.set(url, new SourceMap(JSON.parse(readFileSync(mapUrl, 'utf8'))));
  const { originalSource } = maps.get(url).findEntry(lineNumber, columnNumber);
  return originalSource ? new URL(originalSource, mapUrl).href : url;
}
