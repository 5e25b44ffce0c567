// Calls the `register` function of a plugin or a module and turns what it registers into data.
import type { ExtensionPoint } from '../features/ExtensionPoint';
import type { ExtensionPointFactoryContext } from '../features/registrationPoints';
import { assertDependencies } from './assertDependencies';
import { GreenroomError } from './errors';
import type { DependencyRefs, ExtensionPointRegistration, InitRegistration } from './features';

/** The registration points of plugins and modules alike, without what only the type checker needs. */
export interface UntypedRegistrationPoints {
  registerExtensionPoint(
    refOrOptions: ExtensionPoint<unknown> | ExtensionPointRegistration,
    impl?: unknown,
  ): void;
  registerInit(options: { deps: DependencyRefs; init: InitRegistration['func'] }): void;
}

/** What one call of `register` registered. */
export interface CollectedRegistrations {
  readonly extensionPoints: readonly ExtensionPointRegistration[];
  readonly init: InitRegistration;
}

/** Runs `register` once; `subject` words the plugin or module, if an error has to. */
export function collectRegistrations(
  subject: () => string,
  register: (reg: UntypedRegistrationPoints) => unknown,
): CollectedRegistrations {
  const extensionPoints: ExtensionPointRegistration[] = [];
  let init: InitRegistration | undefined;

  const result = register({
    registerExtensionPoint(refOrOptions, impl) {
      const registration = toRegistration(refOrOptions, impl);
      assertDependencies({ extensionPoint: registration.extensionPoint }, subject, 'registers');
      const { id } = registration.extensionPoint;
      if (init) {
        throw new GreenroomError({
          code: 'GR_EXTENSION_POINT_AFTER_INIT',
          message: `${subject()} registers extension point '${id}' after it called registerInit`,
          hint: 'Call registerExtensionPoint before registerInit.',
        });
      }
      if (extensionPoints.some(known => known.extensionPoint.id === id)) {
        throw new GreenroomError({
          code: 'GR_EXTENSION_POINT_TWICE',
          message: `${subject()} registers extension point '${id}' twice`,
          hint: 'Register each extension point once, or give the second one an ID of its own.',
        });
      }
      extensionPoints.push(registration);
    },
    registerInit(options) {
      if (init) {
        throw new GreenroomError({
          code: 'GR_INIT_REGISTERED_TWICE',
          message: `${subject()} calls registerInit twice`,
          hint: 'Do all of its work in one init.',
        });
      }
      const deps = options.deps ?? {};
      assertDependencies(deps, subject);
      init = { deps, func: options.init };
    },
  });

  if (isPromiseLike(result)) {
    // Whatever it rejects with is a consequence of the mistake reported here.
    result.then(undefined, () => {});
    throw new GreenroomError({
      code: 'GR_ASYNC_REGISTER',
      message: `${subject()} has a register function that returns a promise`,
      hint: 'Make register synchronous and move what is asynchronous into init.',
    });
  }
  if (!init) {
    throw new GreenroomError({
      code: 'GR_INIT_MISSING',
      message: `${subject()} does not call registerInit`,
      hint: 'Call reg.registerInit({ deps, init }) once in register.',
    });
  }
  return { extensionPoints, init };
}

function toRegistration(
  refOrOptions: ExtensionPoint<unknown> | ExtensionPointRegistration,
  impl: unknown,
): ExtensionPointRegistration {
  if (refOrOptions && 'factory' in refOrOptions && 'extensionPoint' in refOrOptions) {
    const { extensionPoint, factory } = refOrOptions;
    return { extensionPoint, factory: (context: ExtensionPointFactoryContext) => factory(context) };
  }
  return { extensionPoint: refOrOptions as ExtensionPoint<unknown>, factory: () => impl };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
