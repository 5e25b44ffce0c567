// The services that the scaffolder depends on.
import { coreServices } from '@greenroom/backend-plugin-api';
import { metricsServiceRef, tracingServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { catalogServiceRef } from '@greenroom/plugin-catalog-node';

/** Indexed by the names that its parts use for them. */
export const scaffolderServices = {
  auditor: coreServices.auditor,
  auth: coreServices.auth,
  catalog: catalogServiceRef,
  config: coreServices.rootConfig,
  database: coreServices.database,
  httpAuth: coreServices.httpAuth,
  httpRouter: coreServices.httpRouter,
  lifecycle: coreServices.lifecycle,
  logger: coreServices.logger,
  metrics: metricsServiceRef,
  permissions: coreServices.permissions,
  permissionsRegistry: coreServices.permissionsRegistry,
  rootLifecycle: coreServices.rootLifecycle,
  tracing: tracingServiceRef,
  urlReader: coreServices.urlReader,
};

export type ScaffolderServices = {
  readonly [name in keyof typeof scaffolderServices]: (typeof scaffolderServices)[name]['T'];
};
