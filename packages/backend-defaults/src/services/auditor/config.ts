// Reads the log levels of audit events.
import type { Config } from '@backstage/config';
import type { AuditorServiceEventSeverityLevel } from '@greenroom/backend-plugin-api';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';

/** A method of the logger. */
export type AuditLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The log level of each severity. */
export type SeverityLogLevels = Record<AuditorServiceEventSeverityLevel, AuditLogLevel>;

const defaults: SeverityLogLevels = { low: 'debug', medium: 'info', high: 'info', critical: 'info' };
const levels: readonly string[] = ['debug', 'info', 'warn', 'error'];

/** Reads `backend.auditor.severityLogLevelMappings`. Default: `debug` for `low`, otherwise `info`. */
export function readSeverityLogLevels(config: Config): SeverityLogLevels {
  const key = 'backend.auditor.severityLogLevelMappings';
  const mappings = config.getOptionalConfig(key);
  const result = { ...defaults };
  for (const severity of mappings?.keys() ?? []) {
    if (!Object.hasOwn(defaults, severity)) {
      throw new InvalidConfigValueError(
        `${key}.${severity}`,
        `is not known: severities are ${Object.keys(defaults).join(', ')}`,
      );
    }
    const level = mappings!.getString(severity);
    if (!levels.includes(level)) {
      throw new InvalidConfigValueError(
        `${key}.${severity}`,
        `is '${level}', and must be one of ${levels.join(', ')}`,
      );
    }
    result[severity as AuditorServiceEventSeverityLevel] = level as AuditLogLevel;
  }
  return result;
}
