// The context that an action gets each time it runs.
import type { UserEntity } from '@backstage/catalog-model';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { BackstageCredentials, LoggerService } from '@greenroom/backend-plugin-api';
import type { TaskSecrets } from '../TaskSecrets';
import type { TemplateInfo } from '../TemplateInfo';

/**
 * A piece of work whose result is kept, so that it is not done again when the task is.
 *
 * @public
 */
export type CheckpointContext<T extends JsonValue | void = JsonValue> = {
  /** Unique among the checkpoints of the task. */
  key: string;
  /** Does the work. What it gives is kept as JSON. */
  fn: () => Promise<T> | T;
};

/**
 * What an action works with, each time it is run.
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
  /** The folder that the steps of the task share; absolute. Nothing outside of it should be written. */
  workspacePath: string;
  /** As the template's step has it, rendered, and found valid. */
  input: TActionInput;
  /** Does a piece of work once, also when the task is taken up again after a crash. */
  checkpoint<T extends JsonValue | void>(opts: CheckpointContext<T>): Promise<T>;
  /** Gives a value to later steps, as `steps.<id>.output.<name>`. */
  output(name: keyof TActionOutput, value: TActionOutput[keyof TActionOutput]): void;
  /** Makes an empty folder outside of the workspace, which is removed when the action is done. */
  createTemporaryDirectory(): Promise<string>;
  /** The credentials of whoever created the task. */
  getInitiatorCredentials(): Promise<BackstageCredentials>;
  task: {
    id: string;
  };
  templateInfo?: TemplateInfo;
  /** Nothing outside of the workspace may be changed. Only ever true for actions with `supportsDryRun`. */
  isDryRun?: boolean;
  /** Who created the task. */
  user?: {
    entity?: UserEntity;
    ref?: string;
  };
  /** Aborted when the task is cancelled or its process ends. */
  signal?: AbortSignal;
  /** Which of a step's `each` this run is for. */
  each?: JsonObject;
  step?: {
    id?: string;
    name?: string;
  };
};
