// Scenario: N trivial plugins (three services of their own and an async init), started by each maker and each peer.
import { expectCounts } from '../fixtures/expectCounts.mjs';
import { manyPlugins } from '../fixtures/manyPlugins.mjs';
import { timed } from '../fixtures/timed.mjs';

export const scenario = {
  id: 'peers',
  title: 'N trivial plugins: 3 services of their own and an async init',
  makers: ['greenroom', 'published', 'avvio', 'awilix', 'nest'],
  sizes: [1_000],
  quickSizes: [1_000],
  metrics: [{ key: 'startMs', label: 'start', unit: 'ms' }],

  async run({ api, app, startPeer, size }) {
    if (startPeer) {
      let inits = 0;
      const startMs = await startPeer(size, () => inits++);
      expectCounts({ inits }, { inits: size });
      return { startMs };
    }
    const { backend, counts } = manyPlugins({ api, app, size, modules: false });
    const { ms: startMs } = await timed(() => backend.start());
    expectCounts(counts, { plugins: size });
    return { startMs };
  },

  targets: [],
};
