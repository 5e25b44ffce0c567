// The two forms of every mock service: the factory of the default implementation, and the jest mock.
import type { ServiceFactory, ServiceRef } from '@greenroom/backend-plugin-api';
import { createServiceMock, type ServiceMock } from '../createServiceMock';

/** The forms of a service that has no implementation for tests. */
export interface SimpleMock<TService, TScope extends 'root' | 'plugin'> {
  /** The factory of the default implementation. */
  factory: () => ServiceFactory<TService, TScope, 'singleton'>;
  /** A mock. Every method is a `jest.fn()`, wrapping the implementation if one is given. */
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

/** Creates the jest mock only. `fixed` are methods without which a bare mock would be useless. */
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
