// Reads the options of the logger from `backend.logger` and `LOG_LEVEL`.
import type { Config } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { type LevelOverride, type LogLevel, parseLogLevel } from './LevelFilter';

/** What the configuration and the environment say about logging. */
export interface LoggerConfig {
  level: LogLevel;
  overrides: LevelOverride[];
  meta: JsonObject;
  /** Secrets of the configuration that are not masked. */
  redactAllowlist: string[];
}

/**
 * Reads the options of the logger. `LOG_LEVEL` overrides `backend.logger.level`.
 *
 * @throws LoggerOptionsError for an unknown level, and what the configuration throws for a value of the wrong type.
 */
export function readLoggerConfig(config: Config, env: NodeJS.ProcessEnv = process.env): LoggerConfig {
  const section = config.getOptionalConfig('backend.logger');
  const configured = section?.getOptionalString('level');
  const level = env.LOG_LEVEL
    ? parseLogLevel(env.LOG_LEVEL, 'The environment variable LOG_LEVEL')
    : parseLogLevel(configured ?? 'info', 'backend.logger.level');

  const overrides = (section?.getOptionalConfigArray('overrides') ?? []).map((override, index) => ({
    matchers: override.get<LevelOverride['matchers']>('matchers'),
    level: parseLogLevel(override.getString('level'), `backend.logger.overrides[${index}].level`),
  }));
  const meta = section?.getOptional<JsonObject>('meta') ?? {};
  return { level, overrides, meta, redactAllowlist: readRedactAllowlist(config) };
}

/** Reads `backend.logger.redactAllowlist`: strings that are not masked even if they are secret. Default: none. */
export function readRedactAllowlist(config: Config): string[] {
  return config.getOptionalStringArray('backend.logger.redactAllowlist') ?? [];
}
