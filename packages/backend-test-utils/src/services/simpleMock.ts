// The two forms that every mock service has: the factory of the default implementation, and the jest mock.
import type { ServiceFactory, ServiceRef } from '@greenroom/backend-plugin-api';
import { createServiceMock, type ServiceMock } from '../createServiceMock';

/** What there is for a service that has no implementation for tests. */
export interface SimpleMock<TService, TScope extends 'root' | 'plugin'> {
  /** The factory of the default implementation. */
  factory: () => ServiceFactory<TService, TScope, 'singleton'>;
  /** A mock: every method is a `jest.fn()`, or counts the calls of the implementation given for it. */
  mock: (partialImpl?: Partial<TService>) => ServiceMock<TService>;
}

/** `methods` are the names of all methods of the service. */
export function simpleMock<TService, TScope extends 'root' | 'plugin'>(
  ref: ServiceRef<TService, TScope>,
  factory: ServiceFactory<TService, TScope, 'singleton'>,
  methods: ReadonlyArray<keyof TService & string>,
): SimpleMock<TService, TScope> {
  return { factory: () => factory, mock: mockOf(ref, methods) };
}

/** The jest mock alone. `fixed` are methods that a mock without behaviour would be useless without. */
export function mockOf<TService>(
  ref: ServiceRef<TService>,
  methods: ReadonlyArray<keyof TService & string>,
  fixed?: () => Partial<TService>,
): (partialImpl?: Partial<TService>) => ServiceMock<TService> {
  return createServiceMock(ref, () => {
    const mocks = Object.fromEntries(methods.map(method => [method, jest.fn()]));
    return { ...mocks, ...fixed?.() } as jest.Mocked<TService>;
  });
}
