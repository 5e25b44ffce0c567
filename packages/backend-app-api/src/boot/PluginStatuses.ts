// Keeps the state of each plugin, for the services that answer requests before a plugin is up or after it failed.
import type { PluginState, PluginStatusService } from '../services/engineServices';

interface Status {
  status: PluginState;
  code?: string;
  /** Made only where somebody waits. */
  settled?: { promise: Promise<void>; resolve(): void };
}

/** The engine's own {@link PluginStatusService}. */
export class PluginStatuses implements PluginStatusService {
  readonly #statuses = new Map<string, Status>();

  get(pluginId: string): { status: PluginState; code?: string } | undefined {
    return this.#statuses.get(pluginId);
  }

  settled(pluginId: string): Promise<void> {
    const status = this.#statuses.get(pluginId);
    if (status?.status !== 'starting') return Promise.resolve();
    if (!status.settled) {
      let resolve = () => {};
      const promise = new Promise<void>(done => (resolve = done));
      status.settled = { promise, resolve };
    }
    return status.settled.promise;
  }

  set(pluginId: string, state: PluginState, code?: string): void {
    const status = this.#statuses.get(pluginId);
    if (!status) {
      this.#statuses.set(pluginId, { status: state, code });
      return;
    }
    status.status = state;
    status.code = code;
    if (state !== 'starting') {
      status.settled?.resolve();
      status.settled = undefined;
    }
  }

  /** Every plugin is on its way down. */
  stopping(): void {
    for (const [pluginId, { status }] of this.#statuses) {
      if (status !== 'failed') this.set(pluginId, 'stopping');
    }
  }
}
