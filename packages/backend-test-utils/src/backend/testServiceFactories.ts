// The default services of a test backend: mocks for services with external effects, and defaults for the rest.
import { startupReporterServiceRef } from '@greenroom/backend-app-api';
import {
  actionsRegistryServiceFactory,
  actionsServiceFactory,
  metricsServiceFactory,
  tracingServiceFactory,
} from '@greenroom/backend-defaults/alpha';
import { createServiceFactory, type ServiceFactory } from '@greenroom/backend-plugin-api';
import { mockServices } from '../services/mockServices';
import { testDiscoveryFactory } from './testDiscoveryFactory';

/** Prints nothing, because tests have their own report. The engine deals with failures that no test handles. */
const silentReporterFactory = createServiceFactory({
  service: startupReporterServiceRef,
  deps: {},
  factory: () => ({ progress() {}, result: () => false as const, shutdown() {}, addLine() {} }),
});

/** One factory per service. Tasks run once at start, and nothing is logged. */
export const testServiceFactories: ServiceFactory[] = [
  mockServices.auditor.factory(),
  mockServices.auth.factory(),
  mockServices.cache.factory(),
  mockServices.database.factory(),
  mockServices.events.factory(),
  mockServices.httpAuth.factory(),
  mockServices.httpRouter.factory(),
  mockServices.lifecycle.factory(),
  mockServices.logger.factory(),
  mockServices.permissions.factory(),
  mockServices.permissionsRegistry.factory(),
  mockServices.rootConfig.factory(),
  mockServices.rootHealth.factory(),
  mockServices.rootHttpRouter.factory(),
  mockServices.rootLifecycle.factory(),
  mockServices.rootLogger.factory(),
  mockServices.rootSystemMetadata.factory(),
  mockServices.scheduler.factory(),
  mockServices.urlReader.factory(),
  mockServices.userInfo.factory(),
  actionsServiceFactory,
  actionsRegistryServiceFactory,
  metricsServiceFactory,
  tracingServiceFactory,
  testDiscoveryFactory,
  silentReporterFactory,
];
