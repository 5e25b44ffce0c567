// Reads what the configuration says about how the catalog works; the only reader of these keys beside those of locations.
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

export interface CatalogSettings {
  /** Between two readings of what may have changed elsewhere; `undefined` means never by itself. */
  readonly processingIntervalMs: number | undefined;
  readonly keepOrphans: boolean;
  readonly keepOrphansOfProviders: boolean;
  /** Whether locations and entities can be changed over HTTP. */
  readonly readonly: boolean;
  readonly onLocationConflict: 'refresh' | 'reject';
  /** By name of a provider or processor. */
  readonly disabled: ReadonlySet<string>;
  readonly priorities: ReadonlyMap<string, number>;
}

const DEFAULT_INTERVAL_MS = 120_000;

/** Throws an `InputError` that names the key. */
export function readCatalogSettings(config: Config): CatalogSettings {
  const catalog = config.getOptionalConfig('catalog');
  const disabled = new Set<string>();
  const priorities = new Map<string, number>();
  for (const group of ['providerOptions', 'processorOptions']) {
    for (const name of catalog?.getOptionalConfig(group)?.keys() ?? []) {
      const options = Object(catalog?.getOptional([group, name].join('.'))) as Record<string, unknown>;
      if (options.disabled === true) disabled.add(name);
      if (typeof options.priority === 'number') priorities.set(name, options.priority);
    }
  }
  return {
    processingIntervalMs: readInterval(catalog?.getOptional('processingInterval')),
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

const UNITS: Record<string, number> = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 7 * 86_400_000,
};

function readInterval(value: unknown): number | undefined {
  if (value === undefined) return DEFAULT_INTERVAL_MS;
  if (value === false) return undefined;
  const entries = Object.entries(Object(value) as Record<string, unknown>);
  const total = entries.reduce((sum, [unit, count]) => sum + (UNITS[unit] ?? Number.NaN) * Number(count), 0);
  if (typeof value === 'object' && total > 0) return total;
  throw new InputError(
    `catalog.processingInterval must be false or a duration such as { minutes: 2 }, not ${JSON.stringify(value)}`,
  );
}
