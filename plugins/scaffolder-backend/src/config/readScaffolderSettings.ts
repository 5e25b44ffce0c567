// Reads the configuration of tasks below `scaffolder`. Nothing else reads these keys.
import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, type JsonObject } from '@backstage/types';
import { tmpdir } from 'node:os';

/** How to run tasks. */
export interface ScaffolderSettings {
  /** How many tasks this instance runs in parallel; 0 for none. */
  readonly concurrency: number;
  /** How long an instance may miss its heartbeats before its tasks are taken over. */
  readonly staleMs: number;
  /** Whether a task resumes after its instance is lost, unless its template says otherwise. */
  readonly recover: boolean;
  /** The maximum size in bytes of a workspace that is stored so that the task can resume. */
  readonly maxWorkspaceBytes: number;
  /** How long a failed or cancelled task can be retried from where it stopped. */
  readonly keepLeftoversMs: number;
  readonly taskTimeoutMs: number;
  /** How long running tasks may take to finish when the backend stops, before they are handed over. */
  readonly shutdownMs: number;
  /** The first one encrypts. If empty, this process generates a key of its own. */
  readonly secretKeys: readonly string[];
  /** The folder in which workspaces are created. */
  readonly workingDirectory: string;
  /** Available to all templates as `environment`. */
  readonly environment: {
    readonly parameters: JsonObject;
    readonly secrets: { readonly [name: string]: string };
  };
}

const SHORTEST_STALE_MS = 1000;
/** A timer that is to wait for longer than 2^31 ms does not wait at all. A bit less, for what is added to it. */
const LONGEST_MS = 2 ** 31 - 60_000;

/** Throws `InputError` with the name of the key if a value is invalid. */
export function readScaffolderSettings(root: Config): ScaffolderSettings {
  const config = root.getOptionalConfig('scaffolder');
  const duration = (key: string, byDefault: number) => {
    const value = config?.getOptional(key) ?? byDefault;
    // A variable holds text.
    const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
    const milliseconds = isNumber
      ? Number(value)
      : durationToMilliseconds(readDurationFromConfig(config!, { key }));
    if (milliseconds >= 0) return milliseconds;
    throw new InputError(`The configuration value scaffolder.${key} must not be negative`);
  };
  const timeout = (key: string, byDefault: number) => Math.min(duration(key, byDefault), LONGEST_MS);
  const count = (key: string, byDefault: number) => {
    const value = config?.getOptionalNumber(key) ?? byDefault;
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new InputError(`The configuration value scaffolder.${key} must be a whole number, not ${value}`);
  };
  const staleMs = timeout('taskRecovery.staleTimeout', 30_000);
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
    taskTimeoutMs: timeout('taskTimeout', 24 * 3_600_000),
    shutdownMs: timeout('shutdownTimeout', 10_000),
    secretKeys: config?.getOptionalStringArray('taskSecrets.keys') ?? [],
    workingDirectory: root.getOptionalString('backend.workingDirectory') ?? tmpdir(),
    environment: {
      parameters: config?.getOptional<JsonObject>('defaultEnvironment.parameters') ?? {},
      secrets: config?.getOptional<Record<string, string>>('defaultEnvironment.secrets') ?? {},
    },
  };
}
