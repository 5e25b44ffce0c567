// Stopping a backend that is still collecting features or making services: nothing further begins.
import {
  createBackendFeatureLoader,
  createBackendPlugin,
  createExtensionPoint,
  createServiceRef,
} from '@greenroom/backend-plugin-api';
import { BackendStartupError } from '..';
import { backendFixture, deferred, plugin, pluginModule, provide } from './backendFixture';

describe('stop() may be called at any time', () => {
  it.each(['a feature loader', 'an import'])('while %s hangs: no plugin starts', async what => {
    const begun = deferred();
    let ran = false;
    const hang = () => {
      begun.resolve();
      return deferred<never>().promise;
    };
    const hanging = what === 'an import' ? hang() : createBackendFeatureLoader({ loader: hang });
    const backend = backendFixture({ features: [hanging, plugin('p', { init: () => void (ran = true) })] });
    const starting = backend.start().catch(error => error);
    await begun.promise;
    await expect(backend.stop()).resolves.toMatchObject({ outcome: 'success' });
    expect(await starting).toBeInstanceOf(BackendStartupError);
    expect(ran).toBe(false);
  });

  it('what a feature loader returns after that is not used: no loader, register or service runs', async () => {
    const begun = deferred();
    const gate = deferred();
    const ran: string[] = [];
    const ref = createServiceRef<void>({ id: 'test.late', scope: 'root' });
    const inner = (deps = {}) => createBackendFeatureLoader({ deps, loader: () => (ran.push('loader'), []) });
    const register = () => void ran.push('register');
    const outer = createBackendFeatureLoader({
      async loader() {
        begun.resolve();
        await gate.promise;
        const late = provide(ref, () => void ran.push('service'));
        return [late, inner(), inner({ ref }), createBackendPlugin({ pluginId: 'q', register })];
      },
    });
    const backend = backendFixture({ features: [outer, createBackendPlugin({ pluginId: 'p', register })] });
    const starting = backend.start().catch(error => error);
    await begun.promise;
    await stopBefore(gate, backend, starting);
    expect(ran).toEqual([]);
  });

  it.each(['a plugin', 'a module'])(
    '%s whose services are still being made does not run afterwards',
    async what => {
      const inFactory = deferred();
      const gate = deferred();
      let ran = false;
      const slowRef = createServiceRef<void>({ id: 'test.slow' });
      const asking = { deps: { slow: slowRef }, init: () => void (ran = true) };
      const slow = provide(slowRef, () => {
        inFactory.resolve();
        return gate.promise;
      });
      const backend = backendFixture({
        features: [
          slow,
          plugin('p', what === 'a plugin' ? asking : {}),
          pluginModule('p', 'm', what === 'a module' ? asking : {}),
        ],
      });
      const starting = backend.start().catch(error => error);
      await inFactory.promise;
      await stopBefore(gate, backend, starting);
      expect(ran).toBe(false);
    },
  );

  it('no further extension is made for a module that waits for one', async () => {
    const begun = deferred();
    const gate = deferred();
    const ran: string[] = [];
    const [slow, next] = ['slow', 'next'].map(id => createExtensionPoint<unknown>({ id }));
    const extensible = createBackendPlugin({
      pluginId: 'p',
      register(reg) {
        const factory = async () => (begun.resolve(), gate.promise);
        reg.registerExtensionPoint({ extensionPoint: slow!, factory });
        reg.registerExtensionPoint({ extensionPoint: next!, factory: () => ran.push('next') });
        reg.registerInit({ deps: {}, init: async () => void ran.push('plugin') });
      },
    });
    const init = () => void ran.push('module');
    const backend = backendFixture({
      features: [extensible, pluginModule('p', 'm', { deps: { slow: slow!, next: next! }, init })],
    });
    const starting = backend.start().catch(error => error);
    await begun.promise;
    await stopBefore(gate, backend, starting);
    expect(ran).toEqual([]);
  });
});

/** Stops a backend that waits for `gate` while it starts; what it waited for comes after that. */
async function stopBefore(
  gate: { resolve(): void },
  backend: ReturnType<typeof backendFixture>,
  starting: Promise<unknown>,
): Promise<void> {
  await backend.stop();
  gate.resolve();
  await starting;
  await new Promise(resolve => setImmediate(resolve));
}
