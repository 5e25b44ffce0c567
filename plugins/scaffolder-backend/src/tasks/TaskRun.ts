// One run of a task, from its stored state to its end.
import { toError } from '@backstage/errors';
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import type { JsonValue } from '@backstage/types';
import type { TracingServiceSpan } from '@greenroom/backend-plugin-api/alpha';
import type { Knex } from 'knex';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScaffolderSettings } from '../config/readScaffolderSettings';
import type { TaskJournal } from '../database/TaskJournal';
import { clearTaskProgress, noProgress, readTaskProgress, type TaskProgress } from '../database/TaskProgress';
import type { TaskRow } from '../database/TaskRow';
import type { ScaffolderAccess } from '../permissions/ScaffolderAccess';
import type { ScaffolderServices } from '../scaffolderServices';
import { SecretMask } from '../secrets/SecretMask';
import type { TaskSpec } from '../templates/TaskSpec';
import { inspectWorkspace, restoreWorkspace } from '../workspace/archiveWorkspace';
import { removeWorkspace } from '../workspace/removeWorkspace';
import { runSteps, type StepTools } from './runSteps';
import { openTaskData, type SealedTaskData } from './SealedTaskData';
import { StoredTaskRecord } from './StoredTaskRecord';
import type { TaskEnd } from './Task';
import type { TaskCipher } from './TaskCipher';
import {
  TaskCancelledError,
  TaskHandedOverError,
  TaskInterruptedError,
  TaskLostError,
  TaskTimeoutError,
} from './taskErrors';
import { catalogTokenOf, credentialsOf, type TaskInitiator } from './TaskInitiator';
import { TaskSeal } from './TaskSeal';

/** What a run needs. */
export interface TaskRunTools extends StepTools, Pick<ScaffolderServices, 'auth' | 'logger' | 'tracing'> {
  readonly knex: Knex;
  readonly journal: TaskJournal;
  readonly cipher: TaskCipher;
  readonly access: ScaffolderAccess;
  readonly settings: ScaffolderSettings;
}

/** A task that has lost this many instances is probably what kills them. */
const MOST_INTERRUPTIONS = 5;
/** How many links that can't be restored are named. */
const MOST_NAMES = 20;

/** Runs a task that this instance has claimed. */
export class TaskRun {
  readonly #row: TaskRow;
  readonly #spec: TaskSpec;
  /** Its entity reference. */
  readonly #template: string;
  readonly #signal: AbortSignal;
  readonly #tools: TaskRunTools;
  /** Contains the workspaces of all runs of the task on this machine. */
  readonly #folder: string;
  readonly #workspacePath: string;

  constructor(row: TaskRow, signal: AbortSignal, tools: TaskRunTools) {
    this.#row = row;
    this.#spec = JSON.parse(row.spec) as TaskSpec;
    this.#template = this.#spec.templateInfo.entityRef;
    this.#signal = signal;
    this.#tools = tools;
    this.#folder = join(tools.workingDirectory, 'greenroom-scaffolder', row.id);
    // A unique path per run: an instance that was considered lost may still be working, and cleans up after itself.
    this.#workspacePath = join(this.#folder, `${row.resumptions}-${row.interruptions}`);
  }

  /**
   * Resolves when the task has ended in any way. Rejects with `TaskHandedOverError` or `TaskLostError` if it has not,
   * and with the database error if nothing can be written.
   */
  run(): Promise<void> {
    const attributes = { 'scaffolder.task.id': this.#row.id, 'scaffolder.template': this.#template };
    const name = `task ${this.#template}`;
    return this.#tools.tracing.startActiveSpan(name, { attributes }, span => this.#runTraced(span));
  }

  async #runTraced(span: TracingServiceSpan): Promise<void> {
    const { settings, metrics, logger } = this.#tools;
    const began = performance.now();
    const timeout = new AbortController();
    const { taskTimeoutMs } = settings;
    const timer = setTimeout(() => timeout.abort(new TaskTimeoutError(taskTimeoutMs)), taskTimeoutMs);
    try {
      const end = await this.#run(AbortSignal.any([this.#signal, timeout.signal]));
      span.setAttribute('scaffolder.task.result', end);
      if (end === 'failed') span.setStatus({ code: 'error' });
      metrics.taskEnded(this.#template, end, performance.now() - began);
      logger.debug(`A task ended: ${end}`, { taskId: this.#row.id, template: this.#template });
    } finally {
      clearTimeout(timer);
      await removeWorkspace(this.#workspacePath);
      // Fails if another run has its workspace there.
      await rmdir(this.#folder).catch(() => {});
    }
  }

  async #run(signal: AbortSignal): Promise<TaskEnd> {
    let record = this.#record(new SecretMask());
    try {
      const data = this.#openData();
      const seal = this.#seal(data);
      const progress = await this.#readProgress(seal);
      const backstageToken = await this.#catalogToken(data);
      // An array, because secrets of the task and of the configuration may have the same names.
      const configured = Object.values(this.#tools.environment.secrets);
      const mask = new SecretMask([...configured, ...Object.values(data.secrets), backstageToken]);
      const { fingerprint, leftOut } = await this.#prepareWorkspace(progress);
      record = this.#record(mask, seal, fingerprint);
      if (progress !== noProgress) {
        record.add('recovered', { message: 'The task goes on where it was' });
      }
      if (leftOut.length > 0) record.log({ message: describeLeftOut(leftOut) });
      const output = await runSteps({
        ...this.#tools,
        taskId: this.#row.id,
        spec: this.#spec,
        secrets: data.secrets,
        backstageToken,
        workspacePath: this.#workspacePath,
        progress,
        record,
        signal,
        isDryRun: false,
        checkAllowed: this.#tools.access.guardOf(this.#actionDecision()),
        getInitiatorCredentials: () => credentialsOf(this.#initiator(data), this.#tools.auth),
      });
      await record.end('completed', { message: 'The task is done', output });
      return 'completed';
    } catch (error) {
      return this.#fail(signal.aborted ? signal.reason : error, record);
    }
  }

  async #fail(error: unknown, record: StoredTaskRecord): Promise<TaskEnd> {
    // The instance that resumes the task must find everything logged so far.
    if (error instanceof TaskHandedOverError) await record.flush();
    if (error instanceof TaskLostError || error instanceof TaskHandedOverError) throw error;
    const { name, message, code } = toError(error) as Error & { code?: JsonValue };
    if (error instanceof TaskCancelledError) {
      record.add('cancelled', { message, status: 'cancelled' });
      await record.end('cancelled', { message });
      return 'cancelled';
    }
    await record.end('failed', {
      message: `The task failed: ${message}`,
      error: { name, message, ...(code !== undefined && { code }) },
    });
    return 'failed';
  }

  /** Creates the workspace, empty or as the last finished step left it, but for links that it can't have again. */
  async #prepareWorkspace({ workspace }: TaskProgress): Promise<{ fingerprint: string; leftOut: string[] }> {
    if (workspace === null) {
      const { maxWorkspaceBytes } = this.#tools.settings;
      throw new TaskInterruptedError(
        `its workspace can't be restored: it was larger than the ${maxWorkspaceBytes} bytes of scaffolder.taskRecovery.maxWorkspaceSize`,
      );
    }
    // Removes what killed runs left behind. Fails if one is still active and creates files faster than they are removed.
    if (this.#row.interruptions + this.#row.resumptions > 0) {
      await rm(this.#folder, { recursive: true, force: true }).catch(() => {});
    }
    await mkdir(this.#workspacePath, { recursive: true });
    if (!workspace) return { fingerprint: '', leftOut: [] };
    const leftOut = await restoreWorkspace(this.#workspacePath, workspace).catch(error => {
      throw new TaskInterruptedError(`its workspace can't be restored: ${toError(error).message}`, error);
    });
    return { fingerprint: (await inspectWorkspace(this.#workspacePath)).fingerprint, leftOut };
  }

  async #readProgress(seal: TaskSeal): Promise<TaskProgress> {
    const { id, interruptions, resumptions } = this.#row;
    if (interruptions === 0 && resumptions === 0) return noProgress;
    const strategy = this.#spec.EXPERIMENTAL_recovery?.EXPERIMENTAL_strategy;
    const isInterrupted = interruptions > 0;
    if (isInterrupted && (strategy === 'none' || !this.#tools.settings.recover)) {
      throw new TaskInterruptedError('it is not to go on: its template or scaffolder.taskRecovery says so');
    }
    if (interruptions > MOST_INTERRUPTIONS) {
      throw new TaskInterruptedError(`that happened ${interruptions} times, so it is not tried again`);
    }
    if (isInterrupted && strategy === 'startOver') {
      await clearTaskProgress(this.#tools.knex, [id]);
      return noProgress;
    }
    return readTaskProgress(this.#tools.knex, id, seal);
  }

  /** Without the key of another instance, a task can only resume if nothing but its initiator's token is lost. */
  #openData(): SealedTaskData {
    const { id, sealed, secret_names: names, interruptions, resumptions } = this.#row;
    try {
      return openTaskData(sealed, id, this.#tools.cipher);
    } catch (error) {
      if (names === '[]') return { secrets: {} };
      if (interruptions + resumptions === 0) throw error;
      throw new TaskInterruptedError(toError(error).message, error);
    }
  }

  #seal({ secrets }: SealedTaskData): TaskSeal {
    const { cipher, environment } = this.#tools;
    const needed = [secrets, environment.secrets].some(all => Object.keys(all).length > 0);
    return new TaskSeal(cipher, { taskId: this.#row.id, needed });
  }

  #record(mask: SecretMask, seal = this.#seal({ secrets: {} }), fingerprint = ''): StoredTaskRecord {
    return new StoredTaskRecord({
      taskId: this.#row.id,
      journal: this.#tools.journal,
      mask,
      seal,
      workspacePath: this.#workspacePath,
      maxWorkspaceBytes: this.#tools.settings.maxWorkspaceBytes,
      fingerprint,
    });
  }

  #initiator({ token }: SealedTaskData): TaskInitiator {
    return { type: this.#row.initiator, token };
  }

  /** Returns undefined if the user's token is no longer valid. Whatever needs it reports that itself. */
  async #catalogToken(data: SealedTaskData): Promise<string | undefined> {
    const { auth } = this.#tools;
    if (data.token === undefined) return undefined;
    const initiator = credentialsOf(this.#initiator(data), auth);
    return initiator.then(credentials => catalogTokenOf(credentials, auth)).catch(() => undefined);
  }

  #actionDecision(): PolicyDecision {
    const { action_decision: decision } = this.#row;
    return JSON.parse(decision ?? '{"result":"ALLOW"}') as PolicyDecision;
  }
}

function describeLeftOut(links: readonly string[]): string {
  const more = links.length > MOST_NAMES ? ` and ${links.length - MOST_NAMES} more` : '';
  const names = links.slice(0, MOST_NAMES).join(', ');
  return `The workspace is restored without the symbolic links that lead out of it or can't be followed: ${names}${more}`;
}
