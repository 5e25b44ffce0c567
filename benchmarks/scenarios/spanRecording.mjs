// Scenario: the cost of recording spans, measured by recording the spans of a start once more in the same process.
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { manyPlugins } from '../fixtures/manyPlugins.mjs';
import { timed } from '../fixtures/timed.mjs';
import { spanRecorderFile } from '../lib/buildSpanRecorder.mjs';

const require = createRequire(import.meta.url);

export const scenario = {
  id: 'spans',
  title: 'recording the spans of a start of N such plugins, as a share of that start',
  makers: ['greenroom'],
  sizes: [1_000, 5_000],
  quickSizes: [1_000],
  metrics: [
    { key: 'startMs', label: 'start()', unit: 'ms' },
    { key: 'recordMs', label: 'recording alone', unit: 'ms' },
    { key: 'share', label: 'share of the start', unit: '%' },
  ],

  async run({ api, app, size }) {
    const { backend, counts } = manyPlugins({ api, app, size });
    const { ms: startMs, value } = await timed(() => backend.start());
    expectCounts(counts, { plugins: size, modules: size });
    const { spans } = value.result;
    if (!(spans.length > size)) throw new Error(`a start of ${size} plugins left ${spans.length} spans`);
    const { SpanRecorder } = require(spanRecorderFile);
    const calls = callsFor(spans);
    // Lets V8 finish compiling in other threads, which is part of the start and not of the recording.
    await pause(100);
    const { ms: recordMs, value: recorder } = await timed(() => record(new SpanRecorder(), calls));
    const recorded = recorder.list().length;
    if (recorded !== spans.length)
      throw new Error(`${recorded} of ${spans.length} spans were recorded again`);
    return { startMs, recordMs, share: (100 * recordMs) / startMs };
  },

  targets: [1_000, 5_000].map(size => ({
    what: `span recording, N = ${size.toLocaleString('en')}, as a share of the start`,
    unit: '%',
    atMost: 10,
    value: median => median('greenroom', 'share', size),
  })),
};

/**
 * What a start passed to the recorder, in a list for each argument: a start reads no spans either. A span is `shared`
 * if it began at a time that had already been read for another one, so that the clock was not read again.
 */
function callsFor(spans) {
  const read = new Set(spans.map(({ end }) => end));
  const shared = spans.map(({ start }) => {
    const isShared = read.has(start);
    read.add(start);
    return isShared;
  });
  return {
    kinds: spans.map(({ kind }) => kind),
    names: spans.map(({ name }) => name),
    owners: spans.map(({ owner }) => owner),
    parents: Int32Array.from(spans, ({ parent }) => parent ?? 0),
    shared,
  };
}

function record(recorder, { kinds, names, owners, parents, shared }) {
  const before = recorder.now();
  const recorded = new Int32Array(kinds.length);
  // The recorder begins the span of the whole start by itself, and records nothing after its end.
  recorded[0] = recorder.whole;
  for (let at = 1; at < kinds.length; at++) {
    const begin = shared[at] ? before : undefined;
    recorded[at] = recorder.begin(kinds[at], names[at], owners[at], recorded[parents[at]], begin);
  }
  for (let at = kinds.length - 1; at >= 0; at--) recorder.end(recorded[at]);
  return recorder;
}
