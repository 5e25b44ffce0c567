// The configuration as its readers see it: always the last good state, with a subscription to changes.
import { type Config, ConfigReader } from '@backstage/config';
import { dropOverridden } from './dropOverridden';
import { LiveConfig } from './LiveConfig';
import type { LoadedConfig } from './loadConfig';
import type { LoadConfigOptions } from './readConfigSources';

/**
 * A configuration whose content can be replaced; views made by `getConfig` follow it.
 *
 * @public
 */
export class ReloadableConfig extends LiveConfig {
  /** Where the content came from, for whoever loads it anew; missing where it must not be reloaded. */
  readonly origin?: LoadConfigOptions;

  #loaded: LoadedConfig;
  #reader: Config;
  readonly #listeners = new Set<() => void>();

  constructor(loaded: LoadedConfig, origin?: LoadConfigOptions) {
    super();
    this.#loaded = loaded;
    this.#reader = readerOf(loaded);
    this.origin = origin;
  }

  protected get reader(): Config {
    return this.#reader;
  }

  /** What is in force. */
  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  /** Strings that must not show in logs. */
  get secrets(): Iterable<string> {
    return this.#loaded.secrets;
  }

  /**
   * Puts new content in force and tells the subscribers, each of them even if another one fails.
   *
   * @returns the errors thrown by subscribers.
   */
  replace(loaded: LoadedConfig): unknown[] {
    this.#loaded = loaded;
    this.#reader = readerOf(loaded);
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }

  subscribe(onChange: () => void): { unsubscribe: () => void } {
    // A wrapper of its own for each subscription, so that one function can subscribe twice.
    const listener = () => onChange();
    this.#listeners.add(listener);
    return { unsubscribe: () => void this.#listeners.delete(listener) };
  }
}

/** Where nothing is configured, the reader would else name a source of its own in its errors. */
function readerOf({ sources }: LoadedConfig): Config {
  return sources.length > 0
    ? ConfigReader.fromConfigs(dropOverridden(sources))
    : new ConfigReader(undefined, 'any source');
}
