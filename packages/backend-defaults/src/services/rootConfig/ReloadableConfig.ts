// The configuration as its consumers see it: always the last good state, with subscriptions to changes.
import { type Config, ConfigReader } from '@backstage/config';
import { LiveConfig } from './LiveConfig';
import type { LoadedConfig } from './loadConfig';
import { dropOverridden } from './mergeSources';
import type { LoadConfigOptions } from './readConfigSources';

/**
 * A configuration whose content can be replaced. Sections returned by `getConfig` follow it.
 *
 * @public
 */
export class ReloadableConfig extends LiveConfig {
  /** The options that it was loaded with, for reloading it; undefined if it must not be reloaded. */
  readonly origin?: LoadConfigOptions;

  #loaded: LoadedConfig;
  #reader: Config;

  constructor(loaded: LoadedConfig, origin?: LoadConfigOptions) {
    super();
    this.#loaded = loaded;
    this.#reader = readerOf(loaded);
    this.origin = origin;
  }

  protected get reader(): Config {
    return this.#reader;
  }

  /** The content in effect. */
  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  /** Strings that must not appear in logs. */
  get secrets(): Iterable<string> {
    return this.#loaded.secrets;
  }

  /**
   * Puts new content into effect and notifies all subscribers, even if some of them throw.
   *
   * @returns the errors thrown by subscribers.
   */
  replace(loaded: LoadedConfig): unknown[] {
    this.#loaded = loaded;
    this.#reader = readerOf(loaded);
    return this.notify();
  }
}

/** Without sources, `ConfigReader` would name a source of its own in its errors. */
function readerOf({ sources }: LoadedConfig): Config {
  return sources.length > 0
    ? ConfigReader.fromConfigs(dropOverridden(sources))
    : new ConfigReader(undefined, 'any source');
}
