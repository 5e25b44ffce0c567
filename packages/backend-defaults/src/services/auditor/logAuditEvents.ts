// Writes audit records to a logger.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { AuditorLogFunction } from './AuditorEvent';
import type { SeverityLogLevels } from './config';

/**
 * Returns a function that logs each record as `<plugin>.<eventId>`, at the level of its severity, with the record and
 * `isAuditEvent: true` as fields.
 */
export function logAuditEvents(logger: LoggerService, levels: SeverityLogLevels): AuditorLogFunction {
  const auditLogger = logger.child({ isAuditEvent: true });
  return event => {
    // The error in it is not JSON; the logger writes it with its stack and causes.
    const fields = event as unknown as JsonObject;
    auditLogger[levels[event.severityLevel]](`${event.plugin}.${event.eventId}`, fields);
  };
}
