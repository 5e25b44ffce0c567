// What the record of a run writes when.
import type { JournalEntry } from '../database/JournalEntry';
import type { TaskJournal } from '../database/TaskJournal';
import { SecretMask } from '../secrets/SecretMask';
import { StoredTaskRecord } from './StoredTaskRecord';
import type { TaskSeal } from './TaskSeal';

it('writes that the last step is done where the task is handed over before its end', async () => {
  const entries: JournalEntry[] = [];
  const record = new StoredTaskRecord({
    taskId: 'a',
    journal: { append: async entry => void entries.push(entry) } as Partial<TaskJournal> as TaskJournal,
    mask: new SecretMask(),
    seal: { sealValue: value => JSON.stringify(value) } as Partial<TaskSeal> as TaskSeal,
    workspacePath: '/none',
    maxWorkspaceBytes: 0,
    fingerprint: '',
  });
  await record.finish({ key: '0', output: { id: 1 }, isLast: true });
  expect(entries).toEqual([]);
  await record.flush();
  expect(entries).toEqual([
    { taskId: 'a', progress: { kind: 'step', key: '0', value: '{"id":1}' }, events: undefined },
  ]);
});
