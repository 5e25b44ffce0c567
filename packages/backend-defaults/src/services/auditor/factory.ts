// The default factory of coreServices.auditor.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { readSeverityLogLevels } from './config';
import { logAuditEvents } from './logAuditEvents';

/**
 * Logs audit events with the plugin's logger.
 *
 * @public
 */
export const auditorServiceFactory = createServiceFactory({
  service: coreServices.auditor,
  deps: {
    config: coreServices.rootConfig,
    httpAuth: coreServices.httpAuth,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
  },
  createRootContext: ({ config }) => readSeverityLogLevels(config),
  async factory({ httpAuth, logger, plugin }, levels) {
    // Loaded for the first plugin that uses it.
    const { DefaultAuditorService } = await import('./DefaultAuditorService');
    return DefaultAuditorService.create(logAuditEvents(logger, levels), { httpAuth, plugin });
  },
});
