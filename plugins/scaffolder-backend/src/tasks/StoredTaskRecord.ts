// Records the run of a task in the database, masked and sealed, with the files of its workspace.
import type { JsonValue } from '@backstage/types';
import type { JournalEntry } from '../database/JournalEntry';
import type { TaskJournal } from '../database/TaskJournal';
import type { SecretMask } from '../secrets/SecretMask';
import { archiveWorkspace, inspectWorkspace } from '../workspace/archiveWorkspace';
import { hidePlaces } from '../workspace/hidePlaces';
import type { TaskEnd, TaskEventBody, TaskEventType } from './Task';
import type { FinishedStep, TaskRecord } from './TaskRecord';
import type { TaskSeal } from './TaskSeal';

/** What the record of a run needs. */
export interface StoredTaskRecordOptions {
  readonly taskId: string;
  readonly journal: TaskJournal;
  readonly mask: SecretMask;
  readonly seal: TaskSeal;
  readonly workspacePath: string;
  /** The maximum size in bytes of a workspace that is stored. */
  readonly maxWorkspaceBytes: number;
  /** The fingerprint of the workspace when the run started. */
  readonly fingerprint: string;
}

/** The record of one run of a task. */
export class StoredTaskRecord implements TaskRecord {
  readonly #options: StoredTaskRecordOptions;
  #fingerprint: string;
  /** The entry of the last step, which is written together with the end of the task, or when it is handed over. */
  #held: JournalEntry | undefined;

  constructor(options: StoredTaskRecordOptions) {
    this.#options = options;
    this.#fingerprint = options.fingerprint;
  }

  log(body: TaskEventBody): void {
    this.add('log', body);
  }

  async logSurely(body: TaskEventBody): Promise<void> {
    await this.#append({ events: [this.#event('log', body)] });
  }

  /** Like `log`, for any type of event. */
  add(type: TaskEventType, body: TaskEventBody): void {
    // If this fails, so will the next entry that somebody waits for, and that one is reported.
    this.#append({ events: [this.#event(type, body)], canWait: true }).catch(() => {});
  }

  async finish({ key, output, event, isLast }: FinishedStep): Promise<void> {
    const entry: JournalEntry = {
      taskId: this.#options.taskId,
      progress: { kind: 'step', key, value: this.#options.seal.sealValue(output, key) },
      events: event && [this.#event('log', event)],
    };
    if (isLast) {
      this.#held = entry;
      return;
    }
    const workspace = await this.#changedWorkspace();
    await this.#append({ ...entry, workspace });
  }

  async keepCheckpoint(key: string, value: JsonValue): Promise<void> {
    const sealed = this.#options.seal.sealValue(value, key);
    await this.#append({ progress: { kind: 'checkpoint', key, value: sealed } });
  }

  /** Resolves once everything added so far is written, or has failed. */
  async flush(): Promise<void> {
    await this.#append(this.#held ?? {}).catch(() => {});
  }

  /** Resolves once the end of the task is written, and everything before it. */
  async end(end: TaskEnd, body: TaskEventBody): Promise<void> {
    const completion = this.#event('completion', { ...body, status: end });
    const { events = [], ...held } = this.#held ?? { taskId: this.#options.taskId };
    await this.#append({ ...held, events: [...events, completion], end });
  }

  #append(entry: Omit<JournalEntry, 'taskId'>): Promise<void> {
    return this.#options.journal.append({ ...entry, taskId: this.#options.taskId });
  }

  #event(type: TaskEventType, body: TaskEventBody) {
    return { type, body: this.#options.mask.maskValue(body) };
  }

  /** The archived files if they have changed since the last entry; null if they are too large. */
  async #changedWorkspace(): Promise<Buffer | null | undefined> {
    const { workspacePath, maxWorkspaceBytes, seal } = this.#options;
    try {
      const state = await inspectWorkspace(workspacePath);
      if (state.fingerprint === this.#fingerprint) return undefined;
      this.#fingerprint = state.fingerprint;
      return state.bytes > maxWorkspaceBytes
        ? null
        : seal.sealBytes(await archiveWorkspace(workspacePath, state));
    } catch (error) {
      hidePlaces(error, workspacePath);
      throw error;
    }
  }
}
