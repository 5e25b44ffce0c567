// The services that the catalog depends on.
import { coreServices, eventsServiceRef } from '@greenroom/backend-plugin-api';
import { metricsServiceRef } from '@greenroom/backend-plugin-api/alpha';

export const catalogServices = {
  auditor: coreServices.auditor,
  config: coreServices.rootConfig,
  database: coreServices.database,
  events: eventsServiceRef,
  httpAuth: coreServices.httpAuth,
  httpRouter: coreServices.httpRouter,
  lifecycle: coreServices.lifecycle,
  logger: coreServices.logger,
  metrics: metricsServiceRef,
  permissions: coreServices.permissions,
  permissionsRegistry: coreServices.permissionsRegistry,
  urlReader: coreServices.urlReader,
};

export type CatalogServices = {
  readonly [Name in keyof typeof catalogServices]: (typeof catalogServices)[Name]['T'];
};
