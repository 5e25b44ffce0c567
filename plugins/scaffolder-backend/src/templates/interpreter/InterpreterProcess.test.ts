// Tests of a process that is ended while it works, and of what is said then.
import { TemplatingExtensions } from '../TemplatingExtensions';
import { InterpreterProcess } from './InterpreterProcess';

const limits = { timeout: 30_000, memory: 64, workUnits: 1_000_000, capabilityCalls: 100 };
const request = (source: string) => ({ mode: 'value' as const, sources: [source], context: {}, options: {} });

it('is not used any more from the moment on at which it is killed, and blames no later template', async () => {
  const interpreter = new InterpreterProcess(new TemplatingExtensions(), limits);
  expect(await interpreter.run(request('${{ 1 + 1 }}'))).toEqual({ results: [{ value: 2 }] });
  // As a time limit does that is reached while the answer is on its way.
  interpreter.kill({ message: 'it takes longer than 1 ms', limit: 'timeout' });
  expect(interpreter.ended).toBe(true);
  expect(await interpreter.run(request('${{ 1 }}'))).toEqual({
    failure: { message: 'it takes longer than 1 ms', limit: 'timeout' },
  });
});

it('says that it was the memory where the process ends by itself', async () => {
  const interpreter = new InterpreterProcess(new TemplatingExtensions(), limits);
  const outcome = await interpreter.run(request('${{ [1] | batch(1000000000, "x") | length }}'));
  expect(outcome).toEqual({ failure: { message: 'it takes more memory than 64 MiB', limit: 'memory' } });
  expect(interpreter.ended).toBe(true);
});
