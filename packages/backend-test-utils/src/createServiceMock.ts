// Creates mocks of services: jest mocks, with the factory that adds them to a backend.
/// <reference types="jest" />
import { createServiceFactory, type ServiceFactory, type ServiceRef } from '@greenroom/backend-plugin-api';
import { assertJest } from './assertJest';

/**
 * A service whose methods are Jest mocks, with a `factory` for it.
 *
 * @public
 */
export type ServiceMock<TService> = {
  factory: ServiceFactory<TService>;
} & {
  [Key in keyof TService]: TService[Key] extends (...args: infer Args) => infer Return
    ? TService[Key] & jest.MockInstance<Return, Args>
    : TService[Key];
};

/**
 * Creates a function that creates mocks of a service. Every method is the mock that `mockFactory` returned, unless the
 * call passes an implementation, whose calls are then recorded as well.
 *
 * @example
 * ```ts
 * const greeterMock = createServiceMock(greeterServiceRef, () => ({ greet: jest.fn() }));
 * const greeter = greeterMock({ greet: name => `Hello, ${name}` });
 * await startTestBackend({ features: [plugin, greeter.factory] });
 * expect(greeter.greet).toHaveBeenCalledWith('Ada');
 * ```
 *
 * @public
 */
export function createServiceMock<TService>(
  ref: ServiceRef<TService>,
  mockFactory: () => jest.Mocked<TService>,
): (partialImpl?: Partial<TService>) => ServiceMock<TService> {
  return partialImpl => {
    assertJest();
    const mock = mockFactory();
    for (const [key, own] of Object.entries(partialImpl ?? {}) as Array<[keyof TService, unknown]>) {
      if (typeof own !== 'function') Object.assign(mock as object, { [key]: own });
      else if (jest.isMockFunction(own)) Object.assign(mock as object, { [key]: own });
      else Object.assign(mock as object, { [key]: jest.fn(own as (...args: unknown[]) => unknown) });
    }
    const factory = createServiceFactory({
      service: ref as ServiceRef<unknown, 'plugin'>,
      deps: {},
      factory: () => mock,
    });
    return Object.assign(mock as object, { factory }) as ServiceMock<TService>;
  };
}
