// Tests the reporter where it is used: by the engine, for a start and a stop.
import { createSpecializedBackend } from '@greenroom/backend-app-api';
import { coreServices } from '@greenroom/backend-plugin-api';
import { createPlugin, provide } from '@greenroom/testing';
import { rootLifecycleServiceFactory } from '../rootLifecycle/factory';
import { RootLogger } from '../rootLogger';
import { startupReporterServiceFactory } from './factory';

describe('startupReporterServiceFactory', () => {
  it('shows the start and the stop of a backend', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const backend = createSpecializedBackend({
      defaultServiceFactories: [
        rootLifecycleServiceFactory,
        startupReporterServiceFactory,
        provide(coreServices.rootLogger, () => RootLogger.create({ format: 'pretty', destination })),
      ],
    });
    for (const pluginId of ['catalog', 'todo']) {
      backend.add(createPlugin(pluginId));
    }
    await backend.start();
    await backend.stop();
    const text = lines.map(line =>
      line
        .trimEnd()
        .replace(/^[\d:.]+ {2}/, '')
        // Numbers are aligned, so what is before them depends on how long they are.
        .replace(/ +\d+ ms/, ' N ms'),
    );
    expect(text).toEqual([
      'info               ✓ catalog  started N ms',
      'info               ✓ todo     started N ms',
      'info               Started 2 plugins in N ms',
      'info               Stopped in N ms',
    ]);
  });
});
