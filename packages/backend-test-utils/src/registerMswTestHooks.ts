// Connects a mock service worker to the tests of a file.

/**
 * Starts `worker` before all tests, resets its handlers after each, closes it at the end. A request that no handler takes
 * fails its test. Call it outside of tests.
 *
 * @param worker - what msw's `setupServer` returned.
 *
 * @public
 */
export function registerMswTestHooks(worker: {
  listen: (options: { onUnhandledRequest: 'error' }) => void;
  close: () => void;
  resetHandlers: () => void;
}): void {
  beforeAll(() => worker.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => worker.resetHandlers());
  afterAll(() => worker.close());
}
