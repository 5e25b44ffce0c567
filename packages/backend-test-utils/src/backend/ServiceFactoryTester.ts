// Creates the services of a single factory without a backend, to test the factory.
import { createServiceResolver, type ServiceResolver } from '@greenroom/backend-app-api';
import type { ServiceFactory, ServiceRef } from '@greenroom/backend-plugin-api';
import { afterAllTests } from '../afterAllTests';
import { mockServices } from '../services/mockServices';
import { testServiceFactories } from './testServiceFactories';

/**
 * Options of {@link ServiceFactoryTester}.
 *
 * @public
 */
export interface ServiceFactoryTesterOptions {
  /** Factories of services that the subject depends on. They take precedence over those of a test backend. */
  dependencies?: Array<ServiceFactory>;
}

const resolvers = new Set<ServiceResolver>();

type Instances<TService, TInstances> = TInstances extends 'multiton' ? TService[] : TService;
type PluginIdOf<TScope> = 'root' extends TScope ? [] : [pluginId?: string];

/**
 * Tests a service factory through the instances it creates. Its dependencies are those of a test backend. Shutdown
 * hooks run after all tests of the file.
 *
 * @example
 * ```ts
 * const tester = ServiceFactoryTester.from(greeterServiceFactory);
 * const greeter = await tester.getSubject('catalog');
 * ```
 *
 * @public
 */
export class ServiceFactoryTester<
  TService,
  TScope extends 'root' | 'plugin',
  TInstances extends 'singleton' | 'multiton' = 'singleton',
> {
  readonly #subject: ServiceRef<TService, TScope, TInstances>;
  readonly #resolver: ServiceResolver;

  /** Creates a tester, which has its own instances. */
  static from<
    TService,
    TScope extends 'root' | 'plugin',
    TInstances extends 'singleton' | 'multiton' = 'singleton',
  >(
    subject: ServiceFactory<TService, TScope, TInstances>,
    options?: ServiceFactoryTesterOptions,
  ): ServiceFactoryTester<TService, TScope, TInstances> {
    const resolver = createServiceResolver({
      defaultServiceFactories: [
        ...testServiceFactories,
        // Nothing listens for a service that is tested alone.
        mockServices.rootHttpRouter.mock().factory,
        ...(options?.dependencies ?? []),
      ],
      services: [subject],
    });
    resolvers.add(resolver);
    return new ServiceFactoryTester(subject.service, resolver);
  }

  private constructor(subject: ServiceRef<TService, TScope, TInstances>, resolver: ServiceResolver) {
    this.#subject = subject;
    this.#resolver = resolver;
  }

  /** Returns the instance of the subject for a plugin. `pluginId` defaults to `test`. */
  getSubject(...args: PluginIdOf<TScope>): Promise<Instances<TService, TInstances>> {
    return this.getService(this.#subject, ...args);
  }

  /** Returns the instance of any service: of a dependency, of a service of a test backend, or of the subject. */
  getService<
    TOther,
    TOtherScope extends 'root' | 'plugin',
    TOtherInstances extends 'singleton' | 'multiton' = 'singleton',
  >(
    service: ServiceRef<TOther, TOtherScope, TOtherInstances>,
    ...[pluginId = 'test']: PluginIdOf<TOtherScope>
  ): Promise<Instances<TOther, TOtherInstances>> {
    return this.#resolver.get(service, pluginId);
  }
}

afterAllTests(async () => {
  await Promise.all([...resolvers].map(resolver => resolver.stop()));
  resolvers.clear();
});
