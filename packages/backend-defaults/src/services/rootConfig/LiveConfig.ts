// A configuration that always reads from the current reader, as do the sections taken from it.
import { type Config, ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';

/** Delegates every read to `reader`, which may change between calls. */
export abstract class LiveConfig implements Config {
  protected abstract readonly reader: Config;

  /** The key of this section, followed by a dot. Empty for the whole configuration. */
  protected prefix = '';

  #listeners: Set<() => void> | undefined;

  subscribe(onChange: () => void): { unsubscribe: () => void } {
    // A wrapper per subscription, so that the same function can subscribe twice.
    const listener = () => onChange();
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return { unsubscribe: () => void listeners.delete(listener) };
  }

  /** Notifies all subscribers, even if some of them throw, and returns their errors. */
  protected notify(): unknown[] {
    // Those that subscribe meanwhile have seen the change.
    return [...(this.#listeners ?? [])].flatMap(listener => {
      try {
        listener();
        return [];
      } catch (error) {
        return [error];
      }
    });
  }

  has(key: string): boolean {
    return this.reader.has(key);
  }
  keys(): string[] {
    return this.reader.keys();
  }
  get<T = JsonValue>(key?: string): T {
    return this.reader.get<T>(key);
  }
  getOptional<T = JsonValue>(key?: string): T | undefined {
    return this.reader.getOptional<T>(key);
  }
  // Does not throw for a missing section: plugins read optional values through it, and required ones throw when read.
  getConfig(key: string): Config {
    return new ConfigSection(this, this.prefix, key, () => this.reader);
  }
  getOptionalConfig(key: string): Config | undefined {
    return this.reader.getOptionalConfig(key) && new ConfigSection(this, this.prefix, key, () => this.reader);
  }
  getConfigArray(key: string): Config[] {
    return this.reader.getConfigArray(key);
  }
  getOptionalConfigArray(key: string): Config[] | undefined {
    return this.reader.getOptionalConfigArray(key);
  }
  getNumber(key: string): number {
    return this.reader.getNumber(key);
  }
  getOptionalNumber(key: string): number | undefined {
    return this.reader.getOptionalNumber(key);
  }
  getBoolean(key: string): boolean {
    return this.reader.getBoolean(key);
  }
  getOptionalBoolean(key: string): boolean | undefined {
    return this.reader.getOptionalBoolean(key);
  }
  getString(key: string): string {
    return this.reader.getString(key);
  }
  getOptionalString(key: string): string | undefined {
    return this.reader.getOptionalString(key);
  }
  getStringArray(key: string): string[] {
    return this.reader.getStringArray(key);
  }
  getOptionalStringArray(key: string): string[] | undefined {
    return this.reader.getOptionalStringArray(key);
  }
}

/** A section of a live configuration. It is empty while the section does not exist. */
class ConfigSection extends LiveConfig {
  #parentReader?: Config;
  #reader?: Config;

  constructor(
    private readonly parent: LiveConfig,
    parentPrefix: string,
    private readonly key: string,
    private readonly readParent: () => Config,
  ) {
    super();
    this.prefix = `${parentPrefix}${key}.`;
  }

  protected get reader(): Config {
    const parentReader = this.readParent();
    if (!this.#reader || this.#parentReader !== parentReader) {
      this.#reader =
        parentReader.getOptionalConfig(this.key) ??
        new ConfigReader(undefined, 'any source', undefined, this.prefix.slice(0, -1));
      this.#parentReader = parentReader;
    }
    return this.#reader;
  }

  override subscribe(onChange: () => void): { unsubscribe: () => void } {
    return this.parent.subscribe(onChange);
  }
}
