// Passes the result of a start on to whoever measures it, so that the reporter need not know them.
import type { BackendStartupResult } from '@greenroom/backend-app-api';
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/** Depends on nothing, so that a start is reported whatever else is broken. */
export class StartupResults {
  readonly #listeners = new Set<(result: BackendStartupResult) => void>();

  /** Calls `listener` when a start is over, whether it succeeded or not. */
  listen(listener: (result: BackendStartupResult) => void): void {
    this.#listeners.add(listener);
  }

  /** Notifies all listeners. */
  tell(result: BackendStartupResult): void {
    this.#listeners.forEach(listener => listener(result));
  }
}

/** The reference to the results of a backend's start. */
export const startupResultsServiceRef = createServiceRef<StartupResults>({
  id: 'greenroom.startupResults',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: () => new StartupResults() }),
});
