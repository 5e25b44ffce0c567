// The published client for tests, and helpers to follow a task with it.
import { type LogEvent, ScaffolderClient } from '@backstage/plugin-scaffolder-common';
import { testToken } from './startScaffolderBackend';

// Its event stream reader is made for browsers and expects a document that may be hidden.
Object.assign(globalThis, {
  document: { hidden: false, addEventListener() {}, removeEventListener() {} },
  window: globalThis,
});

/** Authenticates with `token`. */
export function scaffolderClient(
  url: string,
  options: { token?: string; user?: string; polling?: boolean } = {},
): ScaffolderClient {
  const { token = testToken, user = 'external:tests', polling = false } = options;
  return new ScaffolderClient({
    discoveryApi: { getBaseUrl: async () => url },
    fetchApi: {
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('authorization', `Bearer ${token}`);
        return fetch(input, { ...init, headers });
      },
    },
    identityApi: {
      getBackstageIdentity: async () => ({ type: 'user', userEntityRef: user, ownershipEntityRefs: [user] }),
    },
    scmIntegrationsApi: { list: () => [] } as never,
    useLongPollingLogs: polling,
  });
}

/** Resolves with all events of a task once it has ended. `onEvent` receives them as they arrive. */
export function eventsOf(
  client: ScaffolderClient,
  taskId: string,
  options: { after?: number; onEvent?: (event: LogEvent) => void } = {},
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  return new Promise((resolve, reject) => {
    client.streamLogs({ taskId, ...(options.after !== undefined && { after: options.after }) }).subscribe({
      next(event) {
        events.push(event);
        options.onEvent?.(event);
      },
      complete: () => resolve(events),
      error: reject,
    });
  });
}

/** Polls until `reached` returns something other than `undefined`. The test's own timeout is the limit. */
export async function eventually<T>(reached: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await reached();
    if (result !== undefined) return result;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
