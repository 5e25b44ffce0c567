// Tests of single runs of actions.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionCall, runAction } from './runAction';

it('creates no temporary folders for an action that was aborted, which nobody might remove', async () => {
  const aborting = new AbortController();
  const made: unknown[] = [];
  const run = runAction(
    {
      id: 'late',
      async handler(ctx) {
        aborting.abort(new Error('too late'));
        made.push(await ctx.createTemporaryDirectory().catch(error => error));
      },
    },
    { signal: aborting.signal, workingDirectory: tmpdir() } as ActionCall,
  );
  await expect(run).rejects.toThrow('too late');
  expect(made).toEqual([aborting.signal.reason]);
});

it('names no paths of the machine in errors of files, nor in their causes', async () => {
  const workingDirectory = await mkdtemp(join(tmpdir(), 'run-action-'));
  const workspacePath = join(workingDirectory, 'workspace');
  await mkdir(join(workspacePath, 'folder'), { recursive: true });
  const fail = (handler: (folder: string) => Promise<unknown>) =>
    runAction(
      { id: 'failing', handler: async ctx => void (await handler(await ctx.createTemporaryDirectory())) },
      { signal: new AbortController().signal, workspacePath, workingDirectory } as ActionCall,
    );
  await expect(fail(() => writeFile(join(workspacePath, 'folder'), ''))).rejects.toMatchObject({
    code: 'EISDIR',
    message: "EISDIR: illegal operation on a directory, open './folder'",
  });
  const linked = fail(async folder => {
    const link = () => symlink('x', join(folder, 'link'));
    await link();
    await link().catch(cause => {
      throw new Error('No link', { cause });
    });
  });
  const message = expect.stringMatching(/^EEXIST: .* 'x' -> 'greenroom-step-\w+\/link'$/);
  await expect(linked).rejects.toMatchObject({ message: 'No link', cause: { message } });
  const frozen = Object.freeze(new Error(`in ${workspacePath}`));
  await expect(fail(() => Promise.reject(frozen))).rejects.toBe(frozen);
  await rm(workingDirectory, { recursive: true });
});
