// A root logger that throws: starts and stops end as they would without it.
import { coreServices, type LoggerService, type RootLoggerService } from '@greenroom/backend-plugin-api';
import { lifecycleHooksKey } from '@greenroom/backend-plugin-api/internal';
import {
  backendFixture,
  entryOf,
  plugin,
  pluginModule,
  provide,
  resultOf,
  startedOrFailed,
} from '../scenarios/backendFixture';

const fail = () => {
  throw new Error('disk full');
};
const logger: RootLoggerService = { error: fail, warn: fail, info: fail, debug: fail, child: () => logger };
const failing = provide(coreServices.rootLogger, () => logger);
const broken = plugin('broken', { init: () => Promise.reject(new Error('no table')) });

describe('with a root logger that fails', () => {
  it('a plugin that may fail does, and the others start', async () => {
    const result = await resultOf([failing, broken, plugin('p'), pluginModule('elsewhere', 'm')], {
      config: { backend: { startup: { plugins: { broken: { onPluginBootFailure: 'continue' } } } } },
    });
    expect(result.outcome).toBe('success');
    expect([entryOf(result, 'broken').status, entryOf(result, 'p').status]).toEqual(['failed', 'started']);
  });

  it('a start that fails stops what had started, and says why it failed', async () => {
    const stopped: string[] = [];
    const running = plugin('p', {
      deps: { lifecycle: coreServices.lifecycle },
      init: ({ lifecycle }) => lifecycle.addShutdownHook(() => void stopped.push('p')),
    });
    const result = await startedOrFailed(backendFixture({ features: [failing, broken, running] }));
    expect(entryOf(result, 'broken').failure!.error.message).toContain('no table');
    expect(stopped).toEqual(['p']);
  });

  it('a stop returns its result, even if the logger of a hook throws, too', async () => {
    const hook = { run: fail, logger: logger as LoggerService };
    const hooks = { startup: [], beforeShutdown: [], shutdown: [hook], enter: () => {} };
    const lifecycle = provide(coreServices.lifecycle, () => ({ [lifecycleHooksKey]: hooks }) as never);
    const backend = backendFixture({
      features: [failing, lifecycle, plugin('p', { deps: { lifecycle: coreServices.lifecycle } })],
    });
    await backend.start();
    expect((await backend.stop()).hooks).toMatchObject([{ owner: 'p', outcome: 'failed' }]);
  });
});
