// Tests of single runs of actions.
import { tmpdir } from 'node:os';
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
