// Reads the configuration below `scaffolder`; the only reader of its keys that concern tasks.
import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, type JsonObject } from '@backstage/types';
import { tmpdir } from 'node:os';

/** How tasks are run. */
export interface ScaffolderSettings {
  /** How many tasks this instance runs at a time; 0 for none. */
  readonly concurrency: number;
  /** After how long without a sign of life an instance's tasks are taken over. */
  readonly staleMs: number;
  /** Whether a task goes on after its instance is lost, unless its template says otherwise. */
  readonly recover: boolean;
  /** The largest workspace, in bytes of its files, that is kept for going on. */
  readonly maxWorkspaceBytes: number;
  /** For how long a task that did not succeed can be retried from where it was. */
  readonly keepLeftoversMs: number;
  readonly taskTimeoutMs: number;
  /** How long running tasks may take to end when the backend stops, before others get them. */
  readonly shutdownMs: number;
  /** The first one encrypts. Empty: a key of this process's own. */
  readonly secretKeys: readonly string[];
  /** Where workspaces are made. */
  readonly workingDirectory: string;
  /** What all templates see as `environment`. */
  readonly environment: {
    readonly parameters: JsonObject;
    readonly secrets: { readonly [name: string]: string };
  };
}

const SHORTEST_STALE_MS = 1000;

/** Throws `InputError` for what can't be used, with the key. */
export function readScaffolderSettings(root: Config): ScaffolderSettings {
  const config = root.getOptionalConfig('scaffolder');
  const duration = (key: string, byDefault: number) => {
    const value = config?.getOptional(key) ?? byDefault;
    const milliseconds =
      typeof value === 'number' ? value : durationToMilliseconds(readDurationFromConfig(config!, { key }));
    if (milliseconds >= 0) return milliseconds;
    throw new InputError(`The configuration value scaffolder.${key} must not be negative`);
  };
  const count = (key: string, byDefault: number) => {
    const value = config?.getOptionalNumber(key) ?? byDefault;
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new InputError(`The configuration value scaffolder.${key} must be a whole number, not ${value}`);
  };
  const staleMs = duration('taskRecovery.staleTimeout', 30_000);
  if (staleMs < SHORTEST_STALE_MS) {
    throw new InputError(
      'The configuration value scaffolder.taskRecovery.staleTimeout must be at least one second',
    );
  }
  return {
    concurrency: count('concurrentTasksLimit', 10),
    staleMs,
    recover: config?.getOptionalBoolean('taskRecovery.enabled') ?? true,
    maxWorkspaceBytes: count('taskRecovery.maxWorkspaceSize', 20_000_000),
    keepLeftoversMs: duration('taskRecovery.keepFor', 24 * 3_600_000),
    taskTimeoutMs: duration('taskTimeout', 24 * 3_600_000),
    shutdownMs: duration('shutdownTimeout', 10_000),
    secretKeys: config?.getOptionalStringArray('taskSecrets.keys') ?? [],
    workingDirectory: root.getOptionalString('backend.workingDirectory') ?? tmpdir(),
    environment: {
      parameters: config?.getOptional<JsonObject>('defaultEnvironment.parameters') ?? {},
      secrets: config?.getOptional<Record<string, string>>('defaultEnvironment.secrets') ?? {},
    },
  };
}
