// Creates, cancels and retries tasks on behalf of callers.
import { InputError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { AuthService, BackstageCredentials } from '@greenroom/backend-plugin-api';
import type { TaskSecrets } from '@greenroom/plugin-scaffolder-node';
import { randomUUID } from 'node:crypto';
import type { NewTask, OnBehalf, TaskListQuery, TaskStore } from '../database/TaskStore';
import { isObject } from '../isObject';
import type { ScaffolderAccess } from '../permissions/ScaffolderAccess';
import {
  taskCancelPermission,
  taskCreatePermission,
  taskReadPermission,
} from '../permissions/scaffolderPermissions';
import type { TaskQueue } from '../queue/TaskQueue';
import { createTaskSpec, withTags } from '../templates/TaskSpec';
import type { TemplateRenderer } from '../templates/TemplateRenderer';
import { templateInfoOf, type TemplateSource } from '../templates/TemplateSource';
import { checkRequest } from './checkRequest';
import { sealTaskData } from './SealedTaskData';
import type { Task } from './Task';
import type { TaskCipher } from './TaskCipher';
import { SecretsMissingError, TaskNotFoundError, TaskStateError } from './taskErrors';
import { initiatorOf, nameOf } from './TaskInitiator';
import type { TaskWorker } from './TaskWorker';

const MOST_SECRETS = 100;
const MOST_SECRET_CHARACTERS = 200_000;

/** What {@link ScaffolderTasks} needs. */
export interface ScaffolderTasksOptions {
  readonly store: TaskStore;
  readonly queue: TaskQueue;
  readonly worker: TaskWorker;
  readonly cipher: TaskCipher;
  readonly templates: TemplateSource;
  readonly renderer: TemplateRenderer;
  readonly auth: AuthService;
  readonly access: ScaffolderAccess;
  /** The id of this instance, if it runs tasks. */
  readonly holder?: string;
}

/** What a new task is created from. */
export interface TaskRequest {
  readonly templateRef: string;
  readonly values: JsonObject;
  readonly secrets: TaskSecrets;
}

/** Every method throws `NotAllowedError` if the caller lacks the permission. */
export class ScaffolderTasks {
  readonly #options: ScaffolderTasksOptions;

  constructor(options: ScaffolderTasksOptions) {
    this.#options = options;
  }

  /** Returns the id. Throws `ParameterValuesError` if the form rejects the values. */
  async create(request: TaskRequest, credentials: BackstageCredentials): Promise<string> {
    const { access, auth, queue, renderer, store, templates, worker } = this.#options;
    const ref = auth.isPrincipal(credentials, 'user') ? credentials.principal.userEntityRef : undefined;
    const [found] = await Promise.all([
      templates.find(request.templateRef, credentials, ref),
      access.require(taskCreatePermission, credentials),
    ]);
    const template = await access.visiblePart(found.template, credentials);
    const values = await checkRequest(template.spec, request, renderer);
    const spec = createTaskSpec(template.spec, {
      parameters: values,
      templateInfo: templateInfoOf(template),
      user: { ref, entity: found.user },
    });
    const id = randomUUID();
    const task: NewTask = {
      id,
      spec: JSON.stringify(spec),
      createdBy: nameOf(credentials, auth),
      ...(await this.#runtimeData(id, request.secrets, credentials)),
    };
    await queue.create(store.create(task));
    if (task.holder !== undefined) worker.keep(id);
    return id;
  }

  async list(query: TaskListQuery, credentials: BackstageCredentials): ReturnType<TaskStore['list']> {
    const permitted = await this.#options.access.readableTasks(credentials);
    if (permitted === 'nothing') return { tasks: [], totalTasks: 0 };
    return this.#options.store.list({ ...query, ...(permitted && { permitted }) });
  }

  /** Throws `TaskNotFoundError` if the task does not exist. */
  async get(id: string, credentials: BackstageCredentials): Promise<Task> {
    const task = await this.#options.store.find(id);
    if (!task) throw new TaskNotFoundError(id);
    await this.#options.access.requireForTask(taskReadPermission, task, credentials);
    return task;
  }

  /** Resolves once the task is certain to be cancelled, maybe before its step notices. Throws `TaskStateError`. */
  async cancel(id: string, credentials: BackstageCredentials): Promise<void> {
    const { access, store, worker } = this.#options;
    await access.requireForTask(taskCancelPermission, await this.get(id, credentials), credentials);
    const outcome = await store.cancel(id);
    if (outcome === 'requested') worker.cancel(id);
    else if (outcome === undefined) throw new TaskNotFoundError(id);
    else if (outcome !== 'cancelled') throw new TaskStateError(id, 'cancelled', outcome);
  }

  /**
   * Reopens a failed or cancelled task. It resumes where it stopped, on behalf of the caller, who must be able to see
   * its template and all of its steps. Throws `NotFoundError` if the catalog does not show them the template.
   */
  async retry(id: string, secrets: TaskSecrets, credentials: BackstageCredentials): Promise<void> {
    const { access, queue, store, templates, worker } = this.#options;
    const [{ spec }] = await Promise.all([
      this.get(id, credentials),
      access.require(taskCreatePermission, credentials),
    ]);
    const current = await templates.findSteps(spec.templateInfo.entityRef, credentials);
    await access.requireForSteps(withTags(spec.steps, current), credentials);
    const row = await store.findRow(id);
    if (!row) throw new TaskNotFoundError(id);
    const missing = (JSON.parse(row.secret_names) as string[]).filter(name => !Object.hasOwn(secrets, name));
    if (missing.length > 0) throw new SecretsMissingError(id, missing);
    const data = await this.#runtimeData(id, secrets, credentials);
    await store.transaction(async trx => {
      if (!(await store.reopen(id, data, trx))) throw new TaskStateError(id, 'retried', row.status);
      await queue.add([id], trx);
    });
    if (data.holder !== undefined) worker.keep(id);
  }

  async #runtimeData(id: string, secrets: TaskSecrets, credentials: BackstageCredentials): Promise<OnBehalf> {
    const { access, auth, cipher, holder } = this.#options;
    const [initiator, decision] = await Promise.all([
      initiatorOf(credentials, auth),
      access.actionDecision(credentials),
    ]);
    const sealed = sealTaskData({ secrets, initiator }, id, cipher);
    // Without a shared key, only this instance can decrypt it.
    const onlyHere = sealed !== undefined && !cipher.isShared && holder !== undefined;
    return {
      initiator: initiator.type,
      sealed,
      holder: onlyHere ? holder : undefined,
      secretNames: Object.keys(secrets),
      actionDecision: decision.result === 'ALLOW' ? undefined : JSON.stringify(decision),
    };
  }
}

/** Throws `InputError` if the body does not describe a new task. */
export function readTaskRequest(body: unknown): TaskRequest {
  const { templateRef, values, secrets } = Object(body) as Record<string, unknown>;
  if (typeof templateRef !== 'string') {
    throw new InputError('The body must be JSON with \'templateRef\', such as "template:default/name"');
  }
  return { templateRef, values: readValues(values), secrets: readSecrets(secrets) };
}

/** Throws `InputError` if `values` is not an object. */
export function readValues(values: unknown = {}): JsonObject {
  if (isObject(values)) return values;
  throw new InputError("In the body, 'values' must be an object");
}

/** Throws `InputError` if `secrets` is not an object of texts, or if there are too many to look for in every log line. */
export function readSecrets(secrets: unknown): TaskSecrets {
  const texts = readTexts('secrets', secrets);
  const values = Object.values(texts);
  if (values.length <= MOST_SECRETS && values.join('').length <= MOST_SECRET_CHARACTERS) return texts;
  throw new InputError(
    `In the body, 'secrets' must have at most ${MOST_SECRETS} texts, of ${MOST_SECRET_CHARACTERS} characters in all`,
  );
}

/** Throws `InputError`, without quoting the values because they may be secrets. */
export function readTexts(name: string, texts: unknown = {}): Record<string, string> {
  if (isObject(texts) && Object.values(texts).every(value => typeof value === 'string')) {
    return texts as Record<string, string>;
  }
  throw new InputError(`In the body, '${name}' must be an object of texts`);
}
