// Scenario: the heap retained by a started backend of N plugins, after garbage collection.
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { manyPlugins } from '../fixtures/manyPlugins.mjs';

export const scenario = {
  id: 'heap',
  title: 'heap kept by a started backend of N such plugins',
  makers: ['greenroom', 'published', 'bareLoop'],
  sizes: [1_000],
  quickSizes: [1_000],
  nodeOptions: ['--expose-gc'],
  metrics: [{ key: 'keptMb', label: 'kept after start', unit: 'MB' }],

  async run({ api, app, size }) {
    const before = await collectedHeap();
    const { backend, counts } = manyPlugins({ api, app, size });
    await backend.start();
    expectCounts(counts, { plugins: size, modules: size });
    const after = await collectedHeap();
    // Used after the measurement, so that the backend is still alive during it.
    if (typeof backend.start !== 'function') throw new Error('the backend is gone');
    return { keptMb: (after - before) / 1e6 };
  },

  targets: [
    {
      what: 'heap kept for N = 1,000',
      unit: 'MB',
      atMost: 3,
      value: median => median('greenroom', 'keptMb', 1_000),
    },
  ],
};

async function collectedHeap() {
  for (let pass = 0; pass < 3; pass++) {
    // Finished promises and timers only release what they hold once the event loop has turned.
    await new Promise(resolve => setTimeout(resolve, 10));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}
