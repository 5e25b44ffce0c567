// A catalog in a process of its own, slow enough to be killed in the middle of its work, and with an adjustable
// clock.
import { createBackend } from '@greenroom/backend-defaults';
import { catalogProcessingExtensionPoint } from '@greenroom/plugin-catalog-node';
import { createModule } from '@greenroom/testing';

const PAUSE_MS = Number(process.env.CATALOG_TEST_PAUSE_MS ?? 0);
const CLOCK_MS = Number(process.env.CATALOG_TEST_CLOCK_MS ?? 0);

const now = Date.now;
Date.now = () => now() + CLOCK_MS;

const slow = createModule('catalog', 'slow', {
  deps: { processing: catalogProcessingExtensionPoint },
  async init({ processing }) {
    processing.addProcessor({
      getProcessorName: () => 'slow',
      async postProcessEntity(entity) {
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
        return entity;
      },
    });
  },
});

// On request, tells the parent process the peak memory usage in bytes.
process.on('message', () => process.send?.(process.resourceUsage().maxRSS * 1024));

const backend = createBackend();
backend.add(import('../index'));
backend.add(slow);
void backend.start();
