// Makes single services from factories, without a backend, for tests of factories.
import type { ServiceFactory, ServiceRef } from '@greenroom/backend-plugin-api';
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { defaultLimits } from './boot/bootSettings';
import { PluginStatuses } from './boot/PluginStatuses';
import { serviceError, wiringError } from './boot/startFailures';
import { stopBackend } from './boot/stopBackend';
import { EngineError } from './errors';
import type { BackendShutdownResult } from './report/ShutdownResult';
import { SpanRecorder } from './report/SpanRecorder';
import { engineNodes, instanceMetadata } from './services/engineNodes';
import { DefaultFactories } from './services/DefaultFactories';
import { faultsBehind } from './services/markFaulty';
import { sourced } from './services/selectFactories';
import { ServiceGraph } from './services/serviceGraph';
import { Slots } from './services/ServiceNode';
import { ServiceRegistry } from './services/ServiceRegistry';
import { ServiceFailure } from './services/ServiceScope';

/** Options of {@link createServiceResolver}. */
export interface CreateServiceResolverOptions {
  /**
   * Factories of services that `services` does not provide, or in the place of those of the engine. If there are two
   * for one service, the later one is used.
   */
  defaultServiceFactories: ServiceFactory[];
  /** The factories. Two for one service are a conflict. */
  services?: ServiceFactory[];
}

/** Provides instances of services. */
export interface ServiceResolver {
  /**
   * Returns the instance of a service for a plugin, or a list of instances for a multiton service. Root services are
   * the same for all plugins. Instances are created on first use. Rejects with the error that a backend would report.
   */
  get<TService, TInstances extends 'singleton' | 'multiton'>(
    service: ServiceRef<TService, 'root' | 'plugin', TInstances>,
    pluginId: string,
  ): Promise<TInstances extends 'multiton' ? TService[] : TService>;
  /** Runs the shutdown hooks of everything that was created, like a backend. Never rejects. */
  stop(): Promise<BackendShutdownResult>;
}

/**
 * Creates a resolver that follows the rules of a backend: precedence, default factories, scopes, cycles. Startup
 * hooks do not run.
 */
export function createServiceResolver(options: CreateServiceResolverOptions): ServiceResolver {
  const spans = new SpanRecorder();
  const registry = new ServiceRegistry(spans);
  const slots = new Slots();
  // No feature loaders run here, so there are no remarks to collect.
  const metadata = instanceMetadata(async () => []);
  const statuses = new PluginStatuses();
  // There are no plugins, and nobody is to wait for one.
  statuses.plan(new Map());
  const defaults = new DefaultFactories(spans);
  const { services = [], defaultServiceFactories } = options as {
    [key in keyof CreateServiceResolverOptions]: InternalServiceFactory[];
  };
  const given = [
    ...sourced(services, 'added', 'the services of the resolver'),
    ...sourced(defaultServiceFactories, 'default', 'its default services'),
  ];
  // Unlike in a backend, where they tell of what is installed, tests may give their own.
  const isGiven = (id: string) => given.some(({ factory }) => factory.service.id === id);
  const builtIn = engineNodes(slots, metadata, statuses, { add() {} }).filter(({ id }) => !isGiven(id));
  const scopeOf = (pluginId: string) =>
    [...registry.scopes].find(({ owner }) => owner === pluginId) ?? registry.scope(pluginId, spans);

  return {
    async get(service, pluginId) {
      const graph = await ServiceGraph.link({
        factories: given,
        engineNodes: builtIn,
        asked: [service],
        defaults,
        slots,
        span: spans.whole,
      });
      const consumer = { subject: `plugin '${pluginId}'` };
      const dependency = graph.dependency('service', service, consumer);
      if (dependency instanceof EngineError) throw dependency;
      const problems = [...graph.conflicts, ...faultsBehind([dependency], consumer)];
      if (problems.length > 0) throw wiringError({ subject: consumer.subject, problems });
      try {
        const made = await registry.resolveAll([dependency], scopeOf(pluginId), spans.whole);
        return made.service as never;
      } catch (failure) {
        throw failure instanceof ServiceFailure ? serviceError(consumer.subject, failure) : failure;
      }
    },
    stop: () => stopBackend({ registry, limits: defaultLimits }),
  };
}
