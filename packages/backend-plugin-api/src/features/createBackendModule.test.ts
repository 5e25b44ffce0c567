// Tests of createBackendModule.
import type { InternalRegistrationsFeature } from '../internal/features';
import { createBackendModule } from './createBackendModule';
import { createExtensionPoint } from './createExtensionPoint';

const extensionPoint = createExtensionPoint<{ add(word: string): void }>({ id: 'greeter.words' });

describe('createBackendModule', () => {
  it('returns a feature of the documented shape, which returns itself when called', () => {
    const func = async () => {};
    const module = createBackendModule({
      pluginId: 'greeter',
      moduleId: 'loud',
      register: reg => reg.registerInit({ deps: { words: extensionPoint }, init: func }),
    });
    expect(module()).toBe(module);
    expect({ ...module }).toMatchObject({
      pluginId: 'greeter',
      moduleId: 'loud',
      featureType: 'registrations',
    });
    expect((module as unknown as InternalRegistrationsFeature).getRegistrations()).toEqual([
      {
        type: 'module-v1.1',
        pluginId: 'greeter',
        moduleId: 'loud',
        extensionPoints: [],
        init: { deps: { words: extensionPoint }, func },
      },
    ]);
  });

  it('names module and plugin in errors', () => {
    const module = createBackendModule({ pluginId: 'greeter', moduleId: 'loud', register: () => {} });
    expect(() => (module as unknown as InternalRegistrationsFeature).getRegistrations()).toThrow(
      "Module 'loud' of plugin 'greeter' does not call registerInit",
    );
  });

  it.each([
    ['greeter', '1st', "A module of plugin 'greeter' has the moduleId '1st'"],
    ['gree.ter', 'loud', "Module 'loud' has the pluginId 'gree.ter'"],
    [undefined, undefined, 'Module without an ID has the pluginId undefined'],
  ])('refuses the IDs %s and %s', (pluginId, moduleId, message) => {
    expect(() =>
      createBackendModule({ pluginId: pluginId as string, moduleId: moduleId as string, register: () => {} }),
    ).toThrow(message);
  });
});
