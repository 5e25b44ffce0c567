// Reads the configuration of the catalog, except for its locations and rules. Nothing else reads these keys.
import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

export interface CatalogSettings {
  /** The interval for reprocessing entities that depend on external data, such as Locations; `undefined` means never. */
  readonly processingIntervalMs: number | undefined;
  readonly keepOrphans: boolean;
  readonly keepOrphansOfProviders: boolean;
  /** Whether changes to locations and entities over HTTP are refused. */
  readonly readonly: boolean;
  readonly onLocationConflict: 'refresh' | 'reject';
  /** Names of disabled providers and processors. */
  readonly disabled: ReadonlySet<string>;
  readonly priorities: ReadonlyMap<string, number>;
}

const DEFAULT_INTERVAL_MS = 120_000;

/** Throws an `InputError` with the name of the key if a value is invalid. */
export function readCatalogSettings(config: Config): CatalogSettings {
  const catalog = config.getOptionalConfig('catalog');
  const disabled = new Set<string>();
  const priorities = new Map<string, number>();
  for (const group of ['providerOptions', 'processorOptions']) {
    for (const name of catalog?.getOptionalConfig(group)?.keys() ?? []) {
      const options = catalog?.getOptionalConfig(`${group}.${name}`);
      if (options?.getOptionalBoolean('disabled')) disabled.add(name);
      const priority = options?.getOptionalNumber('priority');
      if (priority !== undefined) priorities.set(name, priority);
    }
  }
  return {
    processingIntervalMs: readInterval(catalog),
    keepOrphans: oneOf(catalog, 'orphanStrategy', ['delete', 'keep']) === 'keep',
    keepOrphansOfProviders: oneOf(catalog, 'orphanProviderStrategy', ['delete', 'keep']) === 'keep',
    readonly: catalog?.getOptionalBoolean('readonly') ?? false,
    onLocationConflict: oneOf(catalog, 'defaultLocationConflictStrategy', ['reject', 'refresh']),
    disabled,
    priorities,
  };
}

function oneOf<T extends string>(catalog: Config | undefined, key: string, values: readonly [T, ...T[]]): T {
  const value = catalog?.getOptionalString(key) ?? values[0];
  if ((values as readonly string[]).includes(value)) return value as T;
  throw new InputError(`catalog.${key} must be one of ${values.join(', ')}, not '${value}'`);
}

function readInterval(catalog: Config | undefined): number | undefined {
  const value = catalog?.getOptional('processingInterval');
  if (value === undefined) return DEFAULT_INTERVAL_MS;
  // A variable holds text.
  const text = String(value).trim();
  if (text === 'false') return undefined;
  const read = () => readDurationFromConfig(catalog!, { key: 'processingInterval' });
  try {
    const isNumber = typeof value === 'number' || /^\d+$/.test(text);
    const interval = isNumber ? Number(value) : durationToMilliseconds(read());
    if (interval > 0) return interval;
  } catch {
    // Refused below, in the same way as a duration that is not positive.
  }
  throw new InputError(
    `catalog.processingInterval must be false or a duration such as { minutes: 2 }, not ${JSON.stringify(value)}`,
  );
}
