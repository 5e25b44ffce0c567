// Calls the `register` function of a plugin or module, and turns what it registers into data.
import type { ExtensionPoint } from '../features/ExtensionPoint';
import type { ExtensionPointFactoryContext } from '../features/registrationPoints';
import { assertReferences } from './assertReferences';
import { GreenroomError } from './errors';
import type {
  DependencyRefs,
  ExtensionPointRegistration,
  FeatureRegistration,
  InitRegistration,
} from './features';

/** The registration points of plugins and modules alike, without the parts that only matter to the type checker. */
export interface UntypedRegistrationPoints {
  registerExtensionPoint(
    refOrOptions: ExtensionPoint<unknown> | ExtensionPointRegistration,
    impl?: unknown,
  ): void;
  registerInit(options: { deps: DependencyRefs; init: InitRegistration['func'] }): void;
}

/** A registration that `register` has not filled in yet. */
export interface RegistrationDraft {
  readonly type: 'plugin-v1.1' | 'module-v1.1';
  readonly pluginId: string;
  readonly moduleId?: string;
  extensionPoints: ExtensionPointRegistration[];
  init: InitRegistration | undefined;
}

/**
 * Fills in `draft` by calling `register` once, and returns it as the only registration of a feature. A backend does
 * this thousands of times during a start, so it allocates as little as possible.
 */
export function collectRegistrations(
  draft: RegistrationDraft,
  options: { register(reg: never): unknown },
): FeatureRegistration[] {
  const points: UntypedRegistrationPoints = {
    registerExtensionPoint: (refOrOptions, impl) =>
      addExtensionPoint(draft, toRegistration(refOrOptions, impl)),
    registerInit: given => {
      if (draft.init) throw initRegisteredTwice(draft);
      if (typeof given?.init !== 'function') throw initMissing(draft, 'calls registerInit without an init');
      // The engine validates the dependencies, and reports them together with all other wiring problems.
      draft.init = { deps: given.deps ?? {}, func: given.init };
    },
  };
  const result = options.register(points as never);

  if (result !== undefined && isPromiseLike(result)) {
    // A rejection would only be a consequence of the mistake reported here.
    result.then(undefined, () => {});
    throw new GreenroomError({
      code: 'GR_ASYNC_REGISTER',
      message: `${subjectOf(draft)} has a register function that returns a promise`,
      hint: 'Make register synchronous and move what is asynchronous into init.',
    });
  }
  if (!draft.init) throw initMissing(draft, 'does not call registerInit');
  return [draft as FeatureRegistration];
}

function addExtensionPoint(draft: RegistrationDraft, registration: ExtensionPointRegistration): void {
  const { extensionPoint } = registration;
  assertReferences({ extensionPoint }, draft, subjectOf, 'registers');
  const { id } = extensionPoint;
  if (draft.init) {
    throw new GreenroomError({
      code: 'GR_EXTENSION_POINT_AFTER_INIT',
      message: `${subjectOf(draft)} registers extension point '${id}' after it called registerInit`,
      hint: 'Call registerExtensionPoint before registerInit.',
    });
  }
  // An empty list that grows reserves room for 17 items.
  if (draft.extensionPoints.length === 0) {
    draft.extensionPoints = [registration];
    return;
  }
  if (draft.extensionPoints.some(known => known.extensionPoint.id === id)) {
    throw new GreenroomError({
      code: 'GR_EXTENSION_POINT_TWICE',
      message: `${subjectOf(draft)} registers extension point '${id}' twice`,
      hint: 'Register each extension point once, or give the second one an ID of its own.',
    });
  }
  draft.extensionPoints.push(registration);
}

function initMissing(draft: RegistrationDraft, what: string): GreenroomError {
  return new GreenroomError({
    code: 'GR_INIT_MISSING',
    message: `${subjectOf(draft)} ${what}`,
    hint: 'Call reg.registerInit({ deps, init }) once in register.',
  });
}

function initRegisteredTwice(draft: RegistrationDraft): GreenroomError {
  return new GreenroomError({
    code: 'GR_INIT_REGISTERED_TWICE',
    message: `${subjectOf(draft)} calls registerInit twice`,
    hint: 'Do all of its work in one init.',
  });
}

function subjectOf({ pluginId, moduleId }: RegistrationDraft): string {
  return moduleId === undefined ? `Plugin '${pluginId}'` : `Module '${moduleId}' of plugin '${pluginId}'`;
}

function toRegistration(
  refOrOptions: ExtensionPoint<unknown> | ExtensionPointRegistration,
  impl: unknown,
): ExtensionPointRegistration {
  // What is no object at all is reported as no reference.
  const options = Object(refOrOptions) as ExtensionPointRegistration;
  if ('factory' in options && 'extensionPoint' in options) {
    const { extensionPoint, factory } = options;
    return { extensionPoint, factory: (context: ExtensionPointFactoryContext) => factory(context) };
  }
  return { extensionPoint: refOrOptions as ExtensionPoint<unknown>, factory: () => impl };
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}
