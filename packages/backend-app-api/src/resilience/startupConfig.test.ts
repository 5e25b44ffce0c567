// Invalid configuration of starts and stops: every mistake is reported at once, and nothing starts.
import { backendFixture, failuresOf, plugin, startedOrFailed } from '../scenarios/backendFixture';

const messagesFor = async (backend: object) => {
  let ran = false;
  const features = [plugin('p', { init: () => void (ran = true) })];
  const result = await startedOrFailed(backendFixture({ features, config: { backend: backend as {} } }));
  expect(ran).toBe(false);
  return failuresOf(result).map(([code, message]) => {
    expect(code).toBe('GR_STARTUP_CONFIG_INVALID');
    return message;
  });
};

describe('a wrong configuration', () => {
  it.each([
    ['startup', { startup: 5 }],
    ['startup.plugins', { startup: { plugins: ['catalog'] } }],
    ['startup.plugins.p.modules', { startup: { plugins: { p: { modules: true } } } }],
    ['lifecycle', { lifecycle: '10s' }],
  ])('in which backend.%s is not an object', async (key, backend) => {
    expect(await messagesFor(backend)).toEqual([expect.stringContaining(`backend.${key}`)]);
  });

  it('has all of its mistakes reported at once', async () => {
    const messages = await messagesFor({
      startup: {
        default: { timeout: -1, onPluginBootFailure: 'ignore' },
        plugins: { p: { timeout: 'soon' } },
        retry: { initialDelay: {}, maxDelay: false },
      },
      lifecycle: { shutdownTimeout: 0, shutdownHookTimeout: [] },
    });
    const keys = [
      'startup.default.onPluginBootFailure',
      'startup.default.timeout',
      'startup.retry.initialDelay',
      'startup.retry.maxDelay',
      'startup.plugins.p.timeout',
      'lifecycle.shutdownTimeout',
      'lifecycle.shutdownHookTimeout',
    ];
    expect(messages).toEqual(keys.map(key => expect.stringContaining(`'backend.${key}'`)));
  });
});

it.each([null, 0, '0', '0s', { seconds: 0 }])(
  'may have no delay of a stop: %j',
  async serverShutdownDelay => {
    const backend = backendFixture({ config: { backend: { lifecycle: { serverShutdownDelay } } } });
    expect((await startedOrFailed(backend)).outcome).toBe('success');
  },
);
