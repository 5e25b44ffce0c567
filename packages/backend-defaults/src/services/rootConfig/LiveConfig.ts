// A configuration that reads through to whatever reader is current, and so do the sections taken from it.
import { type Config, ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';

/** Delegates every read to `reader`, which may be another one at each call. */
export abstract class LiveConfig implements Config {
  protected abstract readonly reader: Config;

  /** The key under which this part of the configuration stands, with a dot after it. */
  protected prefix = '';

  abstract subscribe(onChange: () => void): { unsubscribe: () => void };

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
  // A section that does not exist is refused by what is required of it, as plugins read optional values through it.
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

/** A section of a live configuration; empty for as long as the section does not exist. */
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

  subscribe(onChange: () => void): { unsubscribe: () => void } {
    return this.parent.subscribe(onChange);
  }
}
