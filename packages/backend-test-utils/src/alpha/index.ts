// The subpath ./alpha: mocks of the services whose interfaces may still change.
import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
  metricsServiceFactory,
  tracingServiceFactory,
} from '@greenroom/backend-defaults/alpha';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  actionsServiceRef,
  metricsServiceRef,
} from '@greenroom/backend-plugin-api/alpha';
import { rootLogger } from '../services/rootLogger';
import { simpleMock } from '../services/simpleMock';
import { MockActionsRegistry } from './MockActionsRegistry';
import { createMockTracing } from './MockTracing';

export type { ServiceMock } from '../createServiceMock';
export { MockActionsRegistry } from './MockActionsRegistry';
export type {
  MockedTracingServiceContextAPI,
  MockedTracingServicePropagationAPI,
  MockedTracingServiceSpan,
  TracingServiceMock,
} from './MockTracing';

/**
 * The actions registry service. Calling it returns a {@link MockActionsRegistry}.
 *
 * @alpha
 */
export const actionsRegistryServiceMock = Object.assign(
  (options?: { logger: LoggerService }) =>
    MockActionsRegistry.create({ logger: options?.logger ?? rootLogger() }),
  simpleMock(actionsRegistryServiceRef, actionsRegistryServiceFactory, ['register']),
);

/**
 * The actions service.
 *
 * @alpha
 */
export const actionsServiceMock = simpleMock(actionsServiceRef, actionsServiceFactory, ['list', 'invoke']);

/**
 * The metrics service.
 *
 * @alpha
 */
export const metricsServiceMock = simpleMock(metricsServiceRef, metricsServiceFactory, [
  'createCounter',
  'createUpDownCounter',
  'createHistogram',
  'createGauge',
  'createObservableCounter',
  'createObservableUpDownCounter',
  'createObservableGauge',
]);

/**
 * The tracing service; `mock()` returns a {@link TracingServiceMock}.
 *
 * @alpha
 */
export const tracingServiceMock = { factory: () => tracingServiceFactory, mock: createMockTracing };
