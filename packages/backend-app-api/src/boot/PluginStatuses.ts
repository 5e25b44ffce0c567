// Knows the state of each plugin, for services that answer requests before a plugin is up or after it has failed.
import type { EngineError } from '../errors';
import type { PluginStatus, PluginStatusService } from '../services/engineServices';
import type { Part } from './Part';

export class PluginStatuses implements PluginStatusService {
  /** The latest attempt at each plugin, once these are known. */
  #plugins: Map<string, Part> | undefined;
  readonly #retried = new Set<string>();
  /** Callbacks by plugin id, for plugins that somebody is waiting for. */
  readonly #waiting = new Map<string, Array<() => void>>();
  #isStopping = false;

  get(pluginId: string): PluginStatus | undefined {
    const plugin = this.#plugins?.get(pluginId);
    if (!plugin && this.#plugins) return undefined;
    if (plugin?.failure) {
      const { code } = plugin.failure.error as EngineError;
      return { status: 'failed', code, ...(this.#retried.has(pluginId) && { retried: true }) };
    }
    if (this.#isStopping) return { status: 'stopping' };
    return { status: plugin?.status === 'started' ? 'started' : 'starting' };
  }

  settled(pluginId: string): Promise<void> {
    if (this.get(pluginId)?.status !== 'starting') return Promise.resolve();
    const waiting = this.#waiting.get(pluginId) ?? [];
    this.#waiting.set(pluginId, waiting);
    return new Promise(resolve => waiting.push(resolve));
  }

  /** Makes these plugins known. */
  plan(plugins: ReadonlyMap<string, Part>): void {
    this.#plugins = new Map(plugins);
    for (const pluginId of this.#waiting.keys()) if (!plugins.has(pluginId)) this.#release(pluginId);
  }

  /** Called when the outcome of an attempt is final. */
  closed(plugin: Part): void {
    this.#plugins?.set(plugin.pluginId, plugin);
    this.#release(plugin.pluginId);
  }

  /** Called when a failed plugin is going to be retried, and again when retrying is over. */
  retrying(pluginId: string, goesOn: boolean): void {
    if (goesOn) this.#retried.add(pluginId);
    else this.#retried.delete(pluginId);
  }

  /** Called when the backend begins to stop. */
  stopping(): void {
    this.#isStopping = true;
    for (const resolve of [...this.#waiting.values()].flat()) resolve();
  }

  #release(pluginId: string): void {
    this.#waiting.get(pluginId)?.forEach(resolve => resolve());
    this.#waiting.delete(pluginId);
  }
}
