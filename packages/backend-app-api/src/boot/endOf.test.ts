// Tests of waiting for work until it ends, its deadline passes, or the start is aborted.
import { endOf, StartSignal } from './endOf';

const forEver = () => new Promise<void>(() => {});
afterEach(() => void jest.useRealTimers());

describe('waiting for work', () => {
  it('tells whether the work or the abort came first', async () => {
    const signal = new StartSignal();
    expect(await endOf(Promise.resolve(), { signal })).toBe('done');
    const hanging = endOf(forEver(), { signal });
    signal.abort('GR_START_ABORTED');
    expect(await hanging).toBe('aborted');
    expect(await endOf(Promise.resolve(), { signal })).toBe('aborted');
    expect(await endOf(Promise.reject(new Error('late')), { signal })).toBe('aborted');
  });

  it('rejects as the work does', async () => {
    await expect(endOf(Promise.reject(new Error('no')), {})).rejects.toThrow('no');
  });

  it('ends at the deadline, and leaves no timer behind if the work was faster', async () => {
    jest.useFakeTimers();
    const late = endOf(forEver(), { ms: 100 });
    jest.advanceTimersByTime(100);
    expect(await late).toBe('late');
    expect(await endOf(Promise.resolve(), { ms: 100 })).toBe('done');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('of more milliseconds than a timer takes does not end at once', async () => {
    jest.useFakeTimers();
    let ended = false;
    void endOf(forEver(), { ms: Number.MAX_SAFE_INTEGER }).then(() => (ended = true));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(ended).toBe(false);
  });

  it('keeps the process alive for a deadline that holds, and only then', () => {
    const timer = { unref: jest.fn() };
    const set = jest.spyOn(globalThis, 'setTimeout').mockReturnValue(timer as unknown as NodeJS.Timeout);
    void endOf(forEver(), { ms: 100, holds: true });
    expect(timer.unref).not.toHaveBeenCalled();
    void endOf(forEver(), { ms: 100 });
    expect(timer.unref).toHaveBeenCalledTimes(1);
    set.mockRestore();
  });
});
