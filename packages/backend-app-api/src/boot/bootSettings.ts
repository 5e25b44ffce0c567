// Reads the engine's own configuration: the boot failure policy and the limits for starting and stopping.
import type { Config } from '@backstage/config';
import { describe, EngineError } from '../errors';
import type { Part } from './Part';

/** Limits for a stop in milliseconds, with their defaults. */
export const defaultLimits = {
  /** For the whole stop sequence: `backend.lifecycle.shutdownTimeout` plus `serverShutdownDelay`. */
  totalMs: 30_000,
  /** For one shutdown hook: `backend.lifecycle.shutdownHookTimeout`. Before-shutdown hooks only have the total limit. */
  hookMs: 15_000,
};

/** What the engine takes from the configuration. */
export interface BootSettings {
  policy: ReturnType<typeof policyOf>;
  limits: Readonly<typeof defaultLimits>;
}

interface Reading {
  readonly toMilliseconds: (value: unknown) => number | undefined;
  readonly problems: EngineError[];
}
type Reader<T> = (value: unknown, key: string, reading: Reading) => T | undefined;

/** If `read` returns undefined, the value is reported as a problem and treated as missing. */
function reader<T>(expected: string, read: Reader<T>): Reader<T> {
  return (value, key, reading) => {
    if (value === undefined) return undefined;
    const known = read(value, key, reading);
    const fields = { key, found: describe(value), expected };
    if (known === undefined) reading.problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
    return known;
  };
}

/** An object with these keys, or with arbitrary keys if `shape` is a single reader for their values. */
function object<T>(shape: Reader<T>): Reader<{ readonly [key in string]?: T }>;
function object<T extends object>(shape: { [K in keyof T]: Reader<T[K]> }): Reader<Partial<T>>;
function object(shape: Reader<unknown> | Record<string, Reader<unknown>>): Reader<object> {
  return reader('an object', (value, key, reading) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const values = value as Record<string, unknown>;
    const readers =
      typeof shape === 'function'
        ? Object.keys(values).map(name => [name, shape] as const)
        : Object.entries(shape);
    return Object.fromEntries(
      readers.map(([name, read]) => [name, read(values[name], `${key}.${name}`, reading)]),
    );
  });
}

const actions = ['abort', 'continue', 'retry'] as const;
const action = reader("'abort', 'continue' or 'retry'", value => actions.find(one => one === value));
const duration = reader<number>(
  "a duration above zero: milliseconds, '10s', or { seconds: 10 }",
  (value, _, { toMilliseconds }) => toMilliseconds(value) || undefined,
);
const delay = reader<number>(
  "a duration: milliseconds, '10s', or { seconds: 10 }",
  (value, _, { toMilliseconds }) => toMilliseconds(value),
);
const startupSettings = object({
  default: object({ onPluginBootFailure: action, onPluginModuleBootFailure: action, timeout: duration }),
  retry: object({ initialDelay: duration, maxDelay: duration }),
  plugins: object(
    object({
      onPluginBootFailure: action,
      timeout: duration,
      modules: object(object({ onPluginModuleBootFailure: action })),
    }),
  ),
});
const lifecycleSettings = object({
  shutdownTimeout: duration,
  shutdownHookTimeout: duration,
  serverShutdownDelay: delay,
});

/** Without any configuration. */
export const defaultSettings = (): BootSettings => ({ policy: policyOf({}), limits: defaultLimits });

/** Invalid values are added to `problems` and treated as missing. */
export async function readSettings(config: Config, problems: EngineError[]): Promise<BootSettings> {
  const [startup, lifecycle] = ['backend.startup', 'backend.lifecycle'].map(key => config.getOptional(key));
  const isConfigured = startup !== undefined || lifecycle !== undefined;
  // The parser for durations is loaded only if the configuration may contain some.
  const toMilliseconds = isConfigured ? (await import('./toMilliseconds')).toMilliseconds : () => undefined;
  const reading = { toMilliseconds, problems };
  const policy = policyOf(startupSettings(startup, 'backend.startup', reading) ?? {});
  const {
    shutdownTimeout = defaultLimits.totalMs,
    shutdownHookTimeout: hookMs = defaultLimits.hookMs,
    serverShutdownDelay = 0,
  } = lifecycleSettings(lifecycle, 'backend.lifecycle', reading) ?? {};
  // A deliberate delay does not count towards the deadline.
  return { policy, limits: { totalMs: shutdownTimeout + serverShutdownDelay, hookMs } };
}

function policyOf({ default: defaults, plugins, retry }: NonNullable<ReturnType<typeof startupSettings>>) {
  /** What the failure of a plugin or module leads to. */
  const onFailure = ({ pluginId, moduleId }: Part) => {
    const plugin = plugins?.[pluginId];
    if (moduleId === undefined)
      return plugin?.onPluginBootFailure ?? defaults?.onPluginBootFailure ?? 'abort';
    const module = plugin?.modules?.[moduleId];
    return module?.onPluginModuleBootFailure ?? defaults?.onPluginModuleBootFailure ?? 'abort';
  };
  return {
    onFailure,
    /** Whether the backend may start without this plugin, or without this module (with or without its plugin). */
    allows: (part: Part) => onFailure(part) !== 'abort' || onFailure(part.plugin) !== 'abort',
    /** Milliseconds for the start of a plugin, or of the root services without an id; `undefined` is no limit. */
    timeoutMs: (id?: string) => (id === undefined ? undefined : plugins?.[id]?.timeout) ?? defaults?.timeout,
    /** Milliseconds before the second attempt at a plugin; the pause doubles with each further attempt. */
    retry: { initialDelayMs: retry?.initialDelay ?? 1_000, maxDelayMs: retry?.maxDelay ?? 60_000 },
  };
}
