// Connects a mock service worker to the tests of a file.

/**
 * Starts `worker` before all tests, resets its handlers after each test, and closes it at the end. A request without a
 * handler fails as if there were no network. Call this outside of tests.
 *
 * @param worker - the result of msw's `setupServer`.
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
