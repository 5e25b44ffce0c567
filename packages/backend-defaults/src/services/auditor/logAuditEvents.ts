// Writes the records of audit events to a logger.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { AuditorLogFunction } from './AuditorEvent';
import type { SeverityLogLevels } from './config';

/**
 * Gives the function that logs each record as `<plugin>.<eventId>`, with the record as fields and `isAuditEvent: true`, at
 * the level of its severity.
 */
export function logAuditEvents(logger: LoggerService, levels: SeverityLogLevels): AuditorLogFunction {
  const auditLogger = logger.child({ isAuditEvent: true });
  return event => {
    // The error is no JSON; the logger writes it with its stack and its causes.
    const fields = event as unknown as JsonObject;
    auditLogger[levels[event.severityLevel]](`${event.plugin}.${event.eventId}`, fields);
  };
}
