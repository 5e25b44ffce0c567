// The context that an action gets each time it runs.
import type { UserEntity } from '@backstage/catalog-model';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { BackstageCredentials, LoggerService } from '@greenroom/backend-plugin-api';
import type { TaskSecrets } from '../TaskSecrets';
import type { TemplateInfo } from '../TemplateInfo';

/**
 * A piece of work whose result is stored, so that it is not repeated when the task runs again.
 *
 * @public
 */
export type CheckpointContext<T extends JsonValue | void = JsonValue> = {
  /** Unique among the checkpoints of the task. */
  key: string;
  /** Does the work. Its result is stored as JSON. */
  fn: () => Promise<T> | T;
};

/**
 * What an action receives each time it runs.
 *
 * @public
 */
export type ActionContext<
  TActionInput extends JsonObject,
  TActionOutput extends JsonObject = JsonObject,
  // oxlint-disable-next-line no-unused-vars -- a part of the published type
  _TSchemaType extends 'v2' = 'v2',
> = {
  /** Writes to the log of the task. Secrets are masked. */
  logger: LoggerService;
  secrets?: TaskSecrets;
  /** The absolute path of the folder that the steps of the task share. Do not write outside of it. */
  workspacePath: string;
  /** The input from the template's step, rendered and validated. */
  input: TActionInput;
  /** Does a piece of work once, even if the task is resumed after a crash. */
  checkpoint<T extends JsonValue | void>(opts: CheckpointContext<T>): Promise<T>;
  /** Sets an output, which later steps see as `steps.<id>.output.<name>`. */
  output(name: keyof TActionOutput, value: TActionOutput[keyof TActionOutput]): void;
  /** Creates an empty folder outside of the workspace, which is removed when the action has finished. */
  createTemporaryDirectory(): Promise<string>;
  /** Returns the credentials of the user or service that created the task. */
  getInitiatorCredentials(): Promise<BackstageCredentials>;
  task: {
    id: string;
  };
  templateInfo?: TemplateInfo;
  /**
   * If true, the action must not change anything outside of the workspace. Only set for actions with
   * `supportsDryRun`.
   */
  isDryRun?: boolean;
  /** Who created the task. */
  user?: {
    entity?: UserEntity;
    ref?: string;
  };
  /**
   * Aborted when the task is cancelled, times out or is taken over, or when the backend stops. `reason` says which, by
   * `code`. The handler has 5 seconds to end, or 3 if the backend stops; after that it is no longer waited for.
   */
  signal?: AbortSignal;
  /** The item of the step's `each` that this run is for. */
  each?: JsonObject;
  step?: {
    id?: string;
    name?: string;
  };
};
