// Knows the state of each plugin, for services that answer requests before a plugin is up or after it has failed.
import type { EngineError } from '../errors';
import type { PluginStatus, PluginStatusService } from '../services/engineServices';
import type { Part } from './Part';

/** The engine's {@link PluginStatusService}, based on the parts of the plan. */
export class PluginStatuses implements PluginStatusService {
  #planned: ReadonlyMap<string, Part> | undefined;
  /** The latest attempt at each retried plugin. */
  readonly #triedAgain = new Map<string, Part>();
  readonly #retried = new Set<string>();
  /** Callbacks by plugin id, for plugins that somebody is waiting for. */
  readonly #waiting = new Map<string, Array<() => void>>();
  #isStopping = false;

  get(pluginId: string): PluginStatus | undefined {
    const plugin = this.#triedAgain.get(pluginId) ?? this.#planned?.get(pluginId);
    if (!plugin && this.#planned) return undefined;
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
    this.#planned = plugins;
    for (const pluginId of this.#waiting.keys()) if (!plugins.has(pluginId)) this.#release(pluginId);
  }

  /** Called when the outcome of an attempt is final. */
  closed(plugin: Part): void {
    const { pluginId } = plugin;
    if (this.#planned?.get(pluginId) !== plugin) this.#triedAgain.set(pluginId, plugin);
    this.#release(pluginId);
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
