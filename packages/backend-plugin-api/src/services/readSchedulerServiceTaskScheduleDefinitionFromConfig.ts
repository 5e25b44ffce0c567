// Reads the schedule of a task from the configuration.
import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { SchedulerServiceTaskScheduleDefinition } from './definitions/SchedulerService';

/**
 * Reads a schedule in the form of {@link SchedulerServiceTaskScheduleDefinitionConfig} from its section of the
 * configuration.
 *
 * @throws an error that names the key if a value is missing or invalid.
 *
 * @example
 * ```ts
 * const schedule = readSchedulerServiceTaskScheduleDefinitionFromConfig(config.getConfig('greeter.schedule'));
 * ```
 */
export function readSchedulerServiceTaskScheduleDefinitionFromConfig(
  config: Config,
): SchedulerServiceTaskScheduleDefinition {
  const frequency = readFrequency(config);
  const timeout = readDurationFromConfig(config, { key: 'timeout' });
  const initialDelay = config.has('initialDelay')
    ? readDurationFromConfig(config, { key: 'initialDelay' })
    : undefined;
  const scope = readScope(config);
  return { frequency, timeout, ...(initialDelay && { initialDelay }), ...(scope && { scope }) };
}

function readFrequency(config: Config): SchedulerServiceTaskScheduleDefinition['frequency'] {
  const value = config.get('frequency');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if ('cron' in value) {
      onlyKey(value, 'cron');
      return { cron: config.getString('frequency.cron') };
    }
    if ('trigger' in value) {
      onlyKey(value, 'trigger');
      if (config.getString('frequency.trigger') !== 'manual') {
        throw new InputError(
          `Invalid schedule: 'frequency.trigger' is '${String(value.trigger)}'; it can only be 'manual'`,
        );
      }
      return { trigger: 'manual' };
    }
  }
  if (typeof value === 'string' && value.trim().split(/\s+/).length >= 5) {
    throw new InputError(
      `Invalid schedule: 'frequency' is the cron expression '${value}'; write it as { cron: '${value}' }`,
    );
  }
  return readDurationFromConfig(config, { key: 'frequency' });
}

function onlyKey(frequency: object, key: string): void {
  const others = Object.keys(frequency).filter(other => other !== key);
  if (others.length === 0) return;
  throw new InputError(
    `Invalid schedule: 'frequency' has '${key}' and also '${others.join("', '")}'; use only one of them`,
  );
}

function readScope(config: Config): 'global' | 'local' | undefined {
  const scope = config.getOptionalString('scope');
  if (scope === undefined || scope === 'global' || scope === 'local') return scope;
  throw new InputError(`Invalid schedule: 'scope' is '${scope}'; it can only be 'global' or 'local'`);
}
