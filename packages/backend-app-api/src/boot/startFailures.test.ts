// Tests of steps of a start that end early: by an abort, a deadline or their own failure.
import { EngineError } from '../errors';
import { defaultSettings } from './bootSettings';
import { StartSignal } from './endOf';
import { abortError, orAborted } from './startFailures';
import { StartupReport } from './StartupReport';

const forEver = () => new Promise<void>(() => {});
function newStart(timeoutMs?: number) {
  const [signal, report] = [new StartSignal(), new StartupReport()];
  const policy = { ...defaultSettings().policy, timeoutMs: () => timeoutMs };
  return { signal, report, policy, codes: () => report.problems.map(({ code }) => code) };
}

describe('a step of the start', () => {
  it('that ends leaves nothing in the report', async () => {
    const start = newStart(1_000);
    let done = false;
    await orAborted(async () => void (done = true), start);
    expect([done, start.codes()]).toEqual([true, []]);
  });

  it('is not begun once the start is aborted', async () => {
    const start = newStart();
    start.signal.abort('GR_START_ABORTED');
    let begun = false;
    await orAborted(async () => void (begun = true), start);
    expect([begun, start.codes()]).toEqual([false, ['GR_START_ABORTED']]);
  });

  it('ends as soon as the start is aborted, which is reported once for all steps', async () => {
    const start = newStart();
    const steps = [orAborted(forEver, start), orAborted(forEver, start)];
    start.signal.abort('GR_START_ABORTED');
    start.signal.abort('GR_START_STALLED');
    await Promise.all(steps);
    expect(start.codes()).toEqual(['GR_START_ABORTED']);
  });

  it('names what it waits for if nothing is left that could end it', async () => {
    const start = newStart();
    start.report.begin('service', 'test.slow', 'root', start.report.whole);
    const step = orAborted(forEver, start);
    start.signal.abort('GR_START_STALLED');
    await step;
    expect(start.codes()).toEqual(['GR_START_STALLED']);
    expect(start.report.problems[0]!.fields).toMatchObject({ waitsFor: ["service 'test.slow'"] });
  });

  it('is given up at its deadline, with what it waits for', async () => {
    jest.useFakeTimers();
    const start = newStart(100);
    start.report.begin('service', 'test.slow', 'root', start.report.whole);
    const step = orAborted(forEver, start);
    jest.advanceTimersByTime(100);
    jest.useRealTimers();
    await step;
    expect(start.codes()).toEqual(['GR_START_TIMEOUT']);
    expect(start.report.problems[0]!.fields).toMatchObject({
      timeoutMs: 100,
      waitsFor: ["service 'test.slow'"],
    });
  });

  it('has a failure of the engine in the report, and rejects with any other', async () => {
    const start = newStart();
    const failure = new EngineError('GR_START_ABORTED', { subject: 'x' });
    await orAborted(() => Promise.reject(failure), start);
    expect(start.report.problems).toEqual([failure]);
    await expect(orAborted(() => Promise.reject(new Error('odd')), start)).rejects.toThrow('odd');
  });
});

it('the error of an abort says whether it was meant', () => {
  expect(abortError("plugin 'p'").code).toBe('GR_START_ABORTED');
  expect(abortError("plugin 'p'", 'GR_START_ABORTED').code).toBe('GR_START_ABORTED');
  expect(abortError("plugin 'p'", 'GR_START_STALLED').fields).toEqual({
    subject: "plugin 'p'",
    waitsFor: [],
  });
});
