// Scenarios of wiring rule 12: a stop also ends a start that still collects features, and nothing begins after it.
import { createBackendFeatureLoader, createServiceRef } from '@greenroom/backend-plugin-api';
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
      await backend.stop();
      gate.resolve();
      await starting;
      await new Promise(resolve => setImmediate(resolve));
      expect(ran).toBe(false);
    },
  );
});
