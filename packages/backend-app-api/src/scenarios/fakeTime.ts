// Fake timers for tests, including the clock that spans use.

/** From now on time passes only where a test says so. */
export function fakeTime(options?: { now: number }): void {
  jest.useFakeTimers(options);
  jest.spyOn(process, 'uptime').mockImplementation(() => performance.now() / 1_000);
}

/** Lets time pass by itself again. */
export function realTime(): void {
  jest.mocked(process.uptime).mockRestore();
  jest.useRealTimers();
}
