// Tests of createBackendPlugin, and of what plugins and modules may register.
import fc from 'fast-check';
import { isGreenroomError } from '../internal/errors';
import type { InternalRegistrationsFeature, PluginRegistration } from '../internal/features';
import { coreServices } from '../services/coreServices';
import { createBackendPlugin } from './createBackendPlugin';
import { createExtensionPoint } from './createExtensionPoint';
import type { BackendPluginRegistrationPoints } from './registrationPoints';

const extensionPoint = createExtensionPoint<{ add(word: string): void }>({ id: 'greeter.words' });
const init = { deps: {}, async init() {} };

function pluginWith(register: (reg: BackendPluginRegistrationPoints) => void) {
  return createBackendPlugin({ pluginId: 'greeter', register }) as unknown as InternalRegistrationsFeature;
}

function failureOf(register: (reg: BackendPluginRegistrationPoints) => void) {
  try {
    pluginWith(register).getRegistrations();
  } catch (error) {
    if (isGreenroomError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('register did not fail');
}

describe('createBackendPlugin', () => {
  it('returns a feature of the documented shape, which returns itself when called', () => {
    const plugin = createBackendPlugin({ pluginId: 'greeter', register: reg => reg.registerInit(init) });
    expect({ ...plugin }).toMatchObject({
      $$type: '@backstage/BackendFeature',
      version: 'v1',
      featureType: 'registrations',
      pluginId: 'greeter',
    });
    expect(plugin()).toBe(plugin);
  });

  it('calls register when registrations are asked for, each time anew', () => {
    const register = jest.fn((reg: BackendPluginRegistrationPoints) => reg.registerInit(init));
    const plugin = pluginWith(register);
    expect(register).not.toHaveBeenCalled();
    const first = plugin.getRegistrations();
    expect(plugin.getRegistrations()).not.toBe(first);
    expect(register).toHaveBeenCalledTimes(2);
  });

  it('registers dependencies, init and both forms of extension points', () => {
    const shared = { add: () => {} };
    const made = { add: () => {} };
    const other = createExtensionPoint<{ add(word: string): void }>({ id: 'greeter.other' });
    const factory = jest.fn(() => made);
    const func = async () => {};
    const [registration] = pluginWith(reg => {
      reg.registerExtensionPoint(extensionPoint, shared);
      reg.registerExtensionPoint({ extensionPoint: other, factory });
      reg.registerInit({ deps: { logger: coreServices.logger }, init: func });
    }).getRegistrations() as [PluginRegistration];

    expect(registration).toMatchObject({ type: 'plugin-v1.1', pluginId: 'greeter' });
    expect(registration.init).toEqual({ deps: { logger: coreServices.logger }, func });
    const context = { reportModuleStartupFailure() {} };
    expect(registration.extensionPoints.map(point => point.extensionPoint)).toEqual([extensionPoint, other]);
    expect(registration.extensionPoints.map(point => point.factory(context))).toEqual([shared, made]);
    expect(factory).toHaveBeenCalledWith(context);
  });

  it('refuses a second init', () => {
    expect(
      failureOf(reg => {
        reg.registerInit(init);
        reg.registerInit(init);
      }),
    ).toEqual({
      code: 'GR_INIT_REGISTERED_TWICE',
      message: "Plugin 'greeter' calls registerInit twice. Do all of its work in one init.",
    });
  });

  it('refuses a missing init', () => {
    expect(failureOf(() => {})).toEqual({
      code: 'GR_INIT_MISSING',
      message: expect.stringContaining("Plugin 'greeter' does not call registerInit"),
    });
  });

  it.each([
    ['no options', undefined],
    ['a function', async () => {}],
    ['dependencies only', { deps: {} }],
  ])('refuses %s for an init', (_name, given) => {
    expect(failureOf(reg => reg.registerInit(given as never))).toEqual({
      code: 'GR_INIT_MISSING',
      message: expect.stringContaining("Plugin 'greeter' calls registerInit without an init. Call reg."),
    });
  });

  it('refuses an extension point after init', () => {
    expect(
      failureOf(reg => {
        reg.registerInit(init);
        reg.registerExtensionPoint(extensionPoint, { add() {} });
      }),
    ).toEqual({
      code: 'GR_EXTENSION_POINT_AFTER_INIT',
      message: expect.stringContaining("Plugin 'greeter' registers extension point 'greeter.words' after"),
    });
  });

  it('refuses the same extension point twice, by its ID', () => {
    const copy = createExtensionPoint<{ add(word: string): void }>({ id: extensionPoint.id });
    expect(
      failureOf(reg => {
        reg.registerExtensionPoint(extensionPoint, { add() {} });
        reg.registerExtensionPoint({ extensionPoint: copy, factory: () => ({ add() {} }) });
      }),
    ).toEqual({
      code: 'GR_EXTENSION_POINT_TWICE',
      message: expect.stringContaining("extension point 'greeter.words' twice"),
    });
  });

  it('refuses an asynchronous register, without an unhandled rejection', async () => {
    const failure = failureOf(async () => {
      throw new Error('too late');
    });
    // Jest fails the test for what has rejected by then with nobody listening.
    await new Promise(resolve => setImmediate(resolve));
    expect(failure).toEqual({
      code: 'GR_ASYNC_REGISTER',
      message: expect.stringContaining('move what is asynchronous'),
    });
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'no reference'],
    ['greeter.words', 'no reference'],
    [{ extensionPoint: 'greeter.words', factory: () => ({}) }, 'no reference'],
    [{ extensionPoint: undefined, factory: () => ({}) }, 'undefined'],
  ])('refuses %j for an extension point', (given, words) => {
    expect(failureOf(reg => reg.registerExtensionPoint(given as never, {}))).toEqual({
      code: 'GR_INVALID_REFERENCE',
      message: expect.stringContaining(`Plugin 'greeter' registers 'extensionPoint', which is ${words}`),
    });
  });

  it('lets what register throws through', () => {
    const error = new Error('mine');
    const plugin = pluginWith(() => {
      throw error;
    });
    expect(() => plugin.getRegistrations()).toThrow(error);
  });

  it('accepts exactly the IDs of letters, digits and dashes that start with a letter', () => {
    const create = (pluginId: string) => createBackendPlugin({ pluginId, register: () => {} });
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/), pluginId => {
        expect({ ...create(pluginId) }).toMatchObject({ pluginId });
      }),
    );
    fc.assert(
      fc.property(
        fc.string().filter(id => !/^[A-Za-z][A-Za-z0-9-]*$/.test(id)),
        pluginId => {
          expect(() => create(pluginId)).toThrow(expect.objectContaining({ code: 'GR_INVALID_ID' }));
        },
      ),
    );
  });

  it('suggests an ID that it would accept', () => {
    fc.assert(
      fc.property(fc.string(), pluginId => {
        let message = '';
        try {
          createBackendPlugin({ pluginId, register: () => {} });
        } catch (error) {
          message = (error as Error).message;
        }
        const suggestion = /starting with a letter: '([^']*)'\.$/.exec(message)?.[1] ?? pluginId;
        expect(createBackendPlugin({ pluginId: suggestion, register: () => {} })).toBeDefined();
      }),
    );
    expect(() => createBackendPlugin({ pluginId: 'my plugin', register: () => {} })).toThrow("'my-plugin'");
    expect(() => createBackendPlugin({ pluginId: undefined as never, register: () => {} })).toThrow(
      'undefined',
    );
  });
});
