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
  /** On whose behalf the scaffolder is asked: those of a request, or `auth.getOwnServiceCredentials()`. */
  credentials: BackstageCredentials;
}

/**
 * How far a task, or one of its steps, has come.
 *
 * @public
 */
export type ScaffolderTaskStatus = 'open' | 'processing' | 'completed' | 'failed' | 'cancelled' | 'skipped';

/**
 * A step of a task, as in its template, with an id and a name in any case.
 *
 * @public
 */
export interface ScaffolderTaskStep {
  id: string;
  name: string;
  action: string;
  input?: JsonObject;
  if?: string | boolean;
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
    /** What somebody put into the form. */
    parameters: JsonObject;
    steps: ScaffolderTaskStep[];
    output: JsonObject;
    templateInfo?: TemplateInfo;
    user?: { entity?: UserEntity; ref?: string };
  };
  status: ScaffolderTaskStatus;
  /** ISO 8601. */
  createdAt: string;
  lastHeartbeatAt?: string;
  createdBy?: string;
}

/**
 * Something that happened in a task.
 *
 * @public
 */
export interface ScaffolderLogEvent {
  /** Grows with each event of a task. */
  id: number;
  taskId: string;
  /** The last event of a task is its completion. */
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
  /** Its pages. */
  steps: Array<{ title: string; description?: string; when?: string | boolean; schema: JsonObject }>;
}

/**
 * What is told of a filter or a function of the template language.
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
 * A file of a template, or of what it makes.
 *
 * @public
 */
export interface ScaffolderFile {
  path: string;
  base64Content: string;
  executable?: boolean;
}

/**
 * The scaffolder, for backend plugins: the methods of `ScaffolderApi` in `@backstage/plugin-scaffolder-common`, with
 * credentials instead of a token. Every method rejects with a `ResponseError` for what the scaffolder refuses.
 *
 * @public
 */
export interface ScaffolderService {
  /** The form of a template, as it is to be shown. */
  getTemplateParameterSchema(
    request: { templateRef: string },
    options: ScaffolderServiceRequestOptions,
  ): Promise<ScaffolderTemplateForm>;
  /** Creates a task, and gives its id. */
  scaffold(
    request: { templateRef: string; values: Record<string, JsonValue>; secrets?: Record<string, string> },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ taskId: string }>;
  /** Its state. */
  getTask(request: { taskId: string }, options: ScaffolderServiceRequestOptions): Promise<ScaffolderTask>;
  /** Asks it to end; resolves before it has. */
  cancelTask(
    request: { taskId: string },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ status?: ScaffolderTaskStatus }>;
  /** Starts a task again that failed or was cancelled, where it was. */
  retry(
    request: { taskId: string; secrets?: Record<string, string> },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ id: string }>;
  /** The newest first. */
  listTasks(
    request: {
      createdBy?: string;
      limit?: number;
      offset?: number;
      status?: ScaffolderTaskStatus | ScaffolderTaskStatus[];
    },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ items: ScaffolderTask[]; totalItems: number }>;
  /** What steps of templates may do here. */
  listActions(
    request: {} | undefined,
    options: ScaffolderServiceRequestOptions,
  ): Promise<Array<Pick<TemplateAction, 'id' | 'description' | 'examples' | 'schema'>>>;
  /** The filters and globals that templates may use here. */
  listTemplatingExtensions(
    request: {} | undefined,
    options: ScaffolderServiceRequestOptions,
  ): Promise<{
    filters: Record<string, ScaffolderTemplateFunction>;
    globals: {
      functions: Record<string, ScaffolderTemplateFunction>;
      values: Record<string, { description?: string; value: JsonValue }>;
    };
  }>;
  /** The events after the one with the id `after`. While the task runs and has none, waits up to 10 seconds for one. */
  getLogs(
    request: { taskId: string; after?: number },
    options: ScaffolderServiceRequestOptions,
  ): Promise<ScaffolderLogEvent[]>;
  /** Runs a template without keeping anything. */
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
  /** Asks what a module offers for a field of a form, with a token of the user. */
  autocomplete(
    request: { token: string; provider: string; resource: string; context: Record<string, string> },
    options: ScaffolderServiceRequestOptions,
  ): Promise<{ results: Array<{ title?: string; id: string }> }>;
}
