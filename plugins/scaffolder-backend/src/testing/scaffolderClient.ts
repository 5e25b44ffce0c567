// The published client, as it drives the tests, and what helps to follow a task with it.
import { type LogEvent, ScaffolderClient } from '@backstage/plugin-scaffolder-common';
import { testToken } from './startScaffolderBackend';

// Its reader of event streams is made for browsers: it looks for a document that may be hidden.
Object.assign(globalThis, {
  document: { hidden: false, addEventListener() {}, removeEventListener() {} },
  window: globalThis,
});

/** Speaks for whoever the token is of. */
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

/** All events of a task, when it has ended. `onEvent` sees them as they come. */
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

/** Polls until `reached` gives something that is not `undefined`; what never does so is ended by the test's own limit. */
export async function eventually<T>(reached: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await reached();
    if (result !== undefined) return result;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
