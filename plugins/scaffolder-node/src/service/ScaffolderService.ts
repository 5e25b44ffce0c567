// The interface through which other plugins call the scaffolder.
import type { Entity, UserEntity } from '@backstage/catalog-model';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';
import type { TemplateAction } from '../actions/TemplateAction';
import type { TemplateInfo } from '../TemplateInfo';
import type { TemplateFunctionExample } from '../templating/TemplateFunction';

/**
 * Options of every call of {@link ScaffolderService}.
 *
 * @public
 */
export interface ScaffolderServiceRequestOptions {
  /** The credentials to use: those of a request, or `auth.getOwnServiceCredentials()`. */
  credentials: BackstageCredentials;
}

/**
 * The status of a task or of one of its steps.
 *
 * @public
 */
export type ScaffolderTaskStatus = 'open' | 'processing' | 'completed' | 'failed' | 'cancelled' | 'skipped';

/**
 * A step of a task, as in its template. It always has an ID and a name.
 *
 * @public
 */
export interface ScaffolderTaskStep {
  id: string;
  name: string;
  action: string;
  input?: JsonObject;
  /** Whether the step runs. Default: true. */
  if?: string | boolean;
  /** A list or an object; the step runs once per item. Default: it runs once. */
  each?: JsonValue;
}

/**
 * A task that was created from a template.
 *
 * @public
 */
export interface ScaffolderTask {
  id: string;
  spec: {
    apiVersion: string;
    /** The values entered into the form. */
    parameters: JsonObject;
    steps: ScaffolderTaskStep[];
    output: JsonObject;
    templateInfo?: TemplateInfo;
    user?: { entity?: UserEntity; ref?: string };
  };
  status: ScaffolderTaskStatus;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. The last sign of life of the instance that runs the task, or did. */
  lastHeartbeatAt?: string;
  /** The reference of the user, or the subject of the service. */
  createdBy?: string;
}

/**
 * An event of a task.
 *
 * @public
 */
export interface ScaffolderLogEvent {
  /** Increases with each event of a task. */
  id: number;
  taskId: string;
  /** The last event of a task has the type `completion`. */
  type: 'log' | 'cancelled' | 'recovered' | 'completion';
  body: JsonObject & { message: string; stepId?: string; status?: ScaffolderTaskStatus };
  /** ISO 8601. */
  createdAt: string;
}

/**
 * The form of a template.
 *
 * @public
 */
export interface ScaffolderTemplateForm {
  title: string;
  description?: string;
  presentation?: JsonObject;
  /** The pages of the form. */
  steps: Array<{ title: string; description?: string; when?: string | boolean; schema: JsonObject }>;
}

/**
 * The description of a filter or a function of the template language.
 *
 * @public
 */
export interface ScaffolderTemplateFunction {
  description?: string;
  /** JSON schemas; only a filter has an `input`. */
  schema?: { input?: JsonValue; arguments?: JsonValue[]; output?: JsonValue };
  examples?: TemplateFunctionExample[];
}

/**
 * A file of a template or of its result.
 *
 * @public
 */
export interface ScaffolderFile {
  /** Relative to the folder of the template, or to the workspace. */
  path: string;
  base64Content: string;
  /** Default: false. */
  executable?: boolean;
}

/**
 * The scaffolder for backend plugins. It has the methods of `ScaffolderApi` in `@backstage/plugin-scaffolder-common`,
 * with credentials instead of a token. If the scaffolder rejects a request, the method rejects with a
 * `ResponseError`.
 *
 * @public
 */
export interface ScaffolderService {
  /** Returns the form of a template, for display. */
  getTemplateParameterSchema(
    request: { templateRef: string },
    options: ScaffolderServiceRequestOptions,
  ): Promise<ScaffolderTemplateForm>;
  /** Creates a task and returns its ID. */
  scaffold(
    request: { templateRef: string; values: Record<string, JsonValue>; secrets?: Record<string, string> },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ taskId: string }>;
  /** Returns a task and its status. */
  getTask(request: { taskId: string }, options: ScaffolderServiceRequestOptions): Promise<ScaffolderTask>;
  /** Requests that a task is cancelled. Resolves before it has ended. */
  cancelTask(
    request: { taskId: string },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ status?: ScaffolderTaskStatus }>;
  /**
   * Resumes a task that has failed or was cancelled, from where it stopped. Secrets that it was created with have to be
   * given again.
   */
  retry(
    request: { taskId: string; secrets?: Record<string, string> },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ id: string }>;
  /** Lists tasks, newest first; all that the caller may see unless there is a `limit`. */
  listTasks(
    request: {
      createdBy?: string;
      limit?: number;
      offset?: number;
      status?: ScaffolderTaskStatus | ScaffolderTaskStatus[];
    },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ items: ScaffolderTask[]; totalItems: number }>;
  /** Lists the actions that templates can use. Without `options` the call has no credentials, which scaffolders refuse. */
  listActions(
    request?: {},
    options?: ScaffolderServiceRequestOptions,
  ): Promise<Array<Pick<TemplateAction, 'id' | 'description' | 'examples' | 'schema'>>>;
  /** Lists the filters and globals that templates can use. Without `options`, see `listActions`. */
  listTemplatingExtensions(
    request?: {},
    options?: ScaffolderServiceRequestOptions,
  ): Promise<{
    filters: Record<string, ScaffolderTemplateFunction>;
    globals: {
      functions: Record<string, ScaffolderTemplateFunction>;
      values: Record<string, { description?: string; value: JsonValue }>;
    };
  }>;
  /**
   * Returns the events after the one with the ID `after`. If there are none while the task is running, waits up to 10
   * seconds for one.
   */
  getLogs(
    request: { taskId: string; after?: number },
    options: ScaffolderServiceRequestOptions,
  ): Promise<ScaffolderLogEvent[]>;
  /** Runs a template without storing anything. */
  dryRun(
    request: {
      template: Entity;
      values: JsonObject;
      secrets?: Record<string, string>;
      directoryContents: ScaffolderFile[];
    },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{
    directoryContents: ScaffolderFile[];
    log: Array<Pick<ScaffolderLogEvent, 'body'>>;
    steps: ScaffolderTaskStep[];
    output: JsonObject;
  }>;
  /** Returns the completions that a module provides for a form field, using a token of the user. */
  autocomplete(
    request: { token: string; provider: string; resource: string; context: Record<string, string> },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ results: Array<{ title?: string; id: string }> }>;
}
