// Keeps the state of each plugin, for the services that answer requests before a plugin is up or after it failed.
import type { PluginState, PluginStatusService } from '../services/engineServices';

interface Status {
  status: PluginState;
  code?: string;
  /** Made only where somebody waits for the plugin to be no longer `starting`. */
  waiting?: Array<() => void>;
}

/** The engine's own {@link PluginStatusService}. */
export class PluginStatuses implements PluginStatusService {
  readonly #statuses = new Map<string, Status>();

  get(pluginId: string): { status: PluginState; code?: string } | undefined {
    return this.#statuses.get(pluginId);
  }

  async settled(pluginId: string): Promise<void> {
    const status = this.#statuses.get(pluginId);
    if (status?.status !== 'starting') return;
    await new Promise<void>(resolve => (status.waiting ??= []).push(resolve));
  }

  set(pluginId: string, status: PluginState, code?: string): void {
    const known = this.#statuses.get(pluginId);
    if (!known) return void this.#statuses.set(pluginId, { status, code });
    known.status = status;
    known.code = code;
    if (status === 'starting' || !known.waiting) return;
    known.waiting.forEach(resolve => resolve());
    known.waiting = undefined;
  }

  /** Every plugin is on its way down. */
  stopping(): void {
    for (const [pluginId, { status }] of this.#statuses) {
      if (status !== 'failed') this.set(pluginId, 'stopping');
    }
  }
}
