// Reads what the engine itself wants to know of the configuration: what a failure means, and how long a start and a stop may take.
import type { Config } from '@backstage/config';
import { describe, EngineError } from '../errors';
import type { toMilliseconds } from './toMilliseconds';

const actions = ['abort', 'continue', 'retry'] as const;

type FailureAction = (typeof actions)[number];

/** What the configuration under `backend.startup` says. */
export type BootFailurePolicy = ReturnType<typeof readPolicy>;

/** How many milliseconds a stop may take; these where nothing is configured. */
export const defaultLimits = {
  /** For the whole stop sequence: `backend.lifecycle.shutdownTimeout`, and `serverShutdownDelay` on top. */
  totalMs: 30_000,
  /** For one shutdown hook: `backend.lifecycle.shutdownHookTimeout`. Before-shutdown hooks have the whole. */
  hookMs: 15_000,
};
export type ShutdownLimits = Readonly<typeof defaultLimits>;

/** Wrong values become `problems` and count as not given. */
export async function readSettings(
  config: Config | undefined,
  problems: EngineError[],
): Promise<{ policy: BootFailurePolicy; limits: ShutdownLimits }> {
  const [startup, lifecycle] = ['backend.startup', 'backend.lifecycle'].map(key => config?.getOptional(key));
  const isConfigured = startup !== undefined || lifecycle !== undefined;
  // What reads durations is loaded only for a configuration that may have some.
  const milliseconds = isConfigured ? (await import('./toMilliseconds')).toMilliseconds : () => undefined;
  return {
    policy: readPolicy(new Section('backend.startup', startup, milliseconds, problems)),
    limits: readLimits(new Section('backend.lifecycle', lifecycle, milliseconds, problems)),
  };
}

function readPolicy(startup: Section) {
  const given = startup.section('default');
  const defaults = {
    plugin: given.action('onPluginBootFailure') ?? 'abort',
    module: given.action('onPluginModuleBootFailure') ?? 'abort',
    timeoutMs: given.duration('timeout'),
  };
  const pauses = startup.section('retry');
  const retry = {
    initialDelayMs: pauses.duration('initialDelay') ?? 1_000,
    maxDelayMs: pauses.duration('maxDelay') ?? 60_000,
  };
  const actionsById = new Map<string, FailureAction | undefined>();
  const timeouts = new Map<string | undefined, number | undefined>();
  for (const [pluginId, own] of startup.section('plugins').sections) {
    actionsById.set(pluginId, own.action('onPluginBootFailure'));
    timeouts.set(pluginId, own.duration('timeout'));
    for (const [moduleId, ofModule] of own.section('modules').sections) {
      actionsById.set(`${pluginId}/${moduleId}`, ofModule.action('onPluginModuleBootFailure'));
    }
  }

  const plugin = (id: string) => actionsById.get(id) ?? defaults.plugin;
  const module = (id: string, moduleId: string) => actionsById.get(`${id}/${moduleId}`) ?? defaults.module;
  return {
    /** What a failed plugin or module means for the backend. */
    plugin,
    module,
    /** Whether the backend may start without the plugin. */
    allowsPlugin: (id: string) => plugin(id) !== 'abort',
    /** Whether the backend may start without the module, with its plugin or without. */
    allowsModule: (id: string, moduleId: string) =>
      module(id, moduleId) !== 'abort' || plugin(id) !== 'abort',
    /** Milliseconds that the start of a plugin may take, or without an id the root services; `undefined` for no limit. */
    timeoutMs: (id?: string) => timeouts.get(id) ?? defaults.timeoutMs,
    /** Milliseconds before the second attempt at a plugin that may be retried; doubled before each further one. */
    retry,
  };
}

function readLimits(lifecycle: Section): ShutdownLimits {
  // What is waited on purpose is not what the deadline is against. A delay of zero is none; the HTTP server checks it.
  const delay = lifecycle.values.serverShutdownDelay ? lifecycle.duration('serverShutdownDelay') : undefined;
  return {
    totalMs: (lifecycle.duration('shutdownTimeout') ?? defaultLimits.totalMs) + (delay ?? 0),
    hookMs: lifecycle.duration('shutdownHookTimeout') ?? defaultLimits.hookMs,
  };
}

/** A part of the configuration under its whole name. What is wrong in it becomes a problem and counts as not given. */
class Section {
  readonly values: { readonly [key in string]?: unknown };

  constructor(
    private readonly name: string,
    value: unknown,
    private readonly milliseconds: typeof toMilliseconds,
    private readonly problems: EngineError[],
  ) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (value !== undefined && !isObject) this.#refuse(name, value, 'an object');
    this.values = isObject ? { ...value } : {};
  }

  section(key: string): Section {
    return new Section(`${this.name}.${key}`, this.values[key], this.milliseconds, this.problems);
  }

  get sections(): Array<[key: string, section: Section]> {
    return Object.keys(this.values).map(key => [key, this.section(key)]);
  }

  action(key: string): FailureAction | undefined {
    const read = (value: unknown) => actions.find(one => one === value);
    return this.#read(key, read, "'abort', 'continue' or 'retry'");
  }

  duration(key: string): number | undefined {
    const expected = "a duration above zero: milliseconds, '10s', or { seconds: 10 }";
    return this.#read(key, this.milliseconds, expected);
  }

  #read<T>(key: string, read: (value: unknown) => T | undefined, expected: string): T | undefined {
    const value = this.values[key];
    const known = value === undefined ? undefined : read(value);
    if (value !== undefined && known === undefined) this.#refuse(`${this.name}.${key}`, value, expected);
    return known;
  }

  #refuse(key: string, value: unknown, expected: string): void {
    const fields = { key, found: describe(value), expected };
    this.problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
  }
}
