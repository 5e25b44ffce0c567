// Writes what a run does into the database, masked and sealed, with the files of the workspace.
import type { JsonValue } from '@backstage/types';
import type { JournalEntry } from '../database/JournalEntry';
import type { TaskJournal } from '../database/TaskJournal';
import type { SecretMask } from '../secrets/SecretMask';
import { archiveWorkspace, inspectWorkspace } from '../workspace/archiveWorkspace';
import type { TaskEnd, TaskEventBody, TaskEventType } from './Task';
import type { FinishedStep, TaskRecord } from './TaskRecord';
import type { TaskSeal } from './TaskSeal';

/** What a record of one run works with. */
export interface StoredTaskRecordOptions {
  readonly taskId: string;
  readonly journal: TaskJournal;
  readonly mask: SecretMask;
  readonly seal: TaskSeal;
  readonly workspacePath: string;
  /** The largest workspace that is kept, in bytes. */
  readonly maxWorkspaceBytes: number;
  /** What the workspace was like when the run began. */
  readonly fingerprint: string;
}

/** Of one run of one task. */
export class StoredTaskRecord implements TaskRecord {
  readonly #options: StoredTaskRecordOptions;
  #fingerprint: string;
  /** The last step's, which is written together with the end of the task. */
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

  /** As `log`, of any type. */
  add(type: TaskEventType, body: TaskEventBody): void {
    // Where it can't be written, neither can what is waited for, and that tells.
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

  /** Resolves when all that was added is written, or can't be. */
  async flush(): Promise<void> {
    await this.#append({}).catch(() => {});
  }

  /** Resolves when the task has ended, with all that was written about it before. */
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

  /** The files, if they differ from those that were written last; null where they are too many. */
  async #changedWorkspace(): Promise<Buffer | null | undefined> {
    const { workspacePath, maxWorkspaceBytes, seal } = this.#options;
    const state = await inspectWorkspace(workspacePath);
    if (state.fingerprint === this.#fingerprint) return undefined;
    this.#fingerprint = state.fingerprint;
    return state.bytes > maxWorkspaceBytes
      ? null
      : seal.sealBytes(await archiveWorkspace(workspacePath, state));
  }
}
