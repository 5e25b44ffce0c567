// Tells the state of each plugin, to the services that answer requests before a plugin is up or after it failed.
import type { EngineError } from '../errors';
import type { PluginStatus, PluginStatusService } from '../services/engineServices';
import type { Part } from './Part';

/** The engine's own {@link PluginStatusService}: reads the entries of the plugins. */
export class PluginStatuses implements PluginStatusService {
  #planned: ReadonlyMap<string, Part> = new Map();
  /** The last attempt at those that are tried again. */
  readonly #triedAgain = new Map<string, Part>();
  readonly #retried = new Set<string>();
  /** Only where somebody waits. */
  readonly #waiting = new Map<string, Array<() => void>>();
  #isStopping = false;

  get(pluginId: string): PluginStatus | undefined {
    const plugin = this.#triedAgain.get(pluginId) ?? this.#planned.get(pluginId);
    if (!plugin) return undefined;
    if (plugin.failure) {
      const { code } = plugin.failure.error as EngineError;
      return { status: 'failed', code, ...(this.#retried.has(pluginId) && { retried: true }) };
    }
    if (this.#isStopping) return { status: 'stopping' };
    return { status: plugin.status === 'started' ? 'started' : 'starting' };
  }

  settled(pluginId: string): Promise<void> {
    if (this.get(pluginId)?.status !== 'starting') return Promise.resolve();
    const waiting = this.#waiting.get(pluginId) ?? [];
    this.#waiting.set(pluginId, waiting);
    return new Promise(resolve => waiting.push(resolve));
  }

  /** From now on these plugins are known. */
  plan(plugins: ReadonlyMap<string, Part>): void {
    this.#planned = plugins;
  }

  /** Called when the outcome of an attempt is final. */
  closed(plugin: Part): void {
    const { pluginId } = plugin;
    if (this.#planned.get(pluginId) !== plugin) this.#triedAgain.set(pluginId, plugin);
    this.#waiting.get(pluginId)?.forEach(resolve => resolve());
    this.#waiting.delete(pluginId);
  }

  /** Called when a plugin that failed is going to be tried again, and when that is over. */
  retrying(pluginId: string, goesOn: boolean): void {
    if (goesOn) this.#retried.add(pluginId);
    else this.#retried.delete(pluginId);
  }

  /** Every plugin is on its way down. */
  stopping(): void {
    this.#isStopping = true;
    for (const resolve of [...this.#waiting.values()].flat()) resolve();
  }
}
