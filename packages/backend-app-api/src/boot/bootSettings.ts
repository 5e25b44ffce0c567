// Reads what the engine itself wants to know of the configuration: what a failure means, and how long a start and a stop may take.
import type { Config } from '@backstage/config';
import { describe, EngineError } from '../errors';
import type { readMilliseconds } from './readMilliseconds';

const actions = ['abort', 'continue', 'retry'] as const;

/** What a failed plugin or module means for the backend. */
export type FailureAction = (typeof actions)[number];

/** The answers of the configuration under `backend.startup`. */
export interface BootFailurePolicy {
  plugin(pluginId: string): FailureAction;
  module(pluginId: string, moduleId: string): FailureAction;
  /** Whether the backend may start without the plugin. */
  allowsPlugin(pluginId: string): boolean;
  /** Whether the backend may start without the module, with its plugin or without. */
  allowsModule(pluginId: string, moduleId: string): boolean;
  /** Milliseconds that the start of a plugin may take, or without an id the root services; `undefined` for no limit. */
  timeoutMs(pluginId?: string): number | undefined;
  /** Milliseconds before the second attempt at a plugin that may be retried; doubled before each further one. */
  readonly retry: { readonly initialDelayMs: number; readonly maxDelayMs: number };
}

/** How many milliseconds a stop may take. */
export interface ShutdownLimits {
  /** For the whole stop sequence: `backend.lifecycle.shutdownTimeout`, 30 s by default, and `serverShutdownDelay` on top. */
  readonly totalMs: number;
  /** For one shutdown hook: `backend.lifecycle.shutdownHookTimeout`, 15 s by default. Before-shutdown hooks have the whole. */
  readonly hookMs: number;
}

/** What holds where nothing is configured. */
export const defaultLimits: ShutdownLimits = { totalMs: 30_000, hookMs: 15_000 };

/** Wrong values become `problems` and count as not given. */
export async function readSettings(
  config: Config | undefined,
  problems: EngineError[],
): Promise<{ policy: BootFailurePolicy; limits: ShutdownLimits }> {
  const keys = ['backend.startup', 'backend.lifecycle'] as const;
  const isConfigured = keys.some(key => config?.getOptional(key) !== undefined);
  // What reads durations is loaded only for a configuration that may have some.
  const milliseconds = isConfigured ? (await import('./readMilliseconds')).readMilliseconds : () => undefined;
  const whole = new Section(config, '', milliseconds, problems);
  const [startup, lifecycle] = keys.map(key => whole.section(key));
  return { policy: readPolicy(startup!), limits: readLimits(lifecycle!) };
}

function readPolicy(startup: Section): BootFailurePolicy {
  const defaults = {
    plugin: startup.action('default.onPluginBootFailure') ?? 'abort',
    module: startup.action('default.onPluginModuleBootFailure') ?? 'abort',
    timeoutMs: startup.duration('default.timeout'),
  };
  const retry = {
    initialDelayMs: startup.duration('retry.initialDelay') ?? 1_000,
    maxDelayMs: startup.duration('retry.maxDelay') ?? 60_000,
  };
  const actionsById = new Map<string, FailureAction | undefined>();
  const timeouts = new Map<string | undefined, number | undefined>();
  for (const pluginId of startup.section('plugins').ids) {
    const key = `plugins.${pluginId}`;
    actionsById.set(pluginId, startup.action(`${key}.onPluginBootFailure`));
    timeouts.set(pluginId, startup.duration(`${key}.timeout`));
    for (const moduleId of startup.section(`${key}.modules`).ids) {
      const found = startup.action(`${key}.modules.${moduleId}.onPluginModuleBootFailure`);
      actionsById.set(`${pluginId}/${moduleId}`, found);
    }
  }

  const plugin = (id: string) => actionsById.get(id) ?? defaults.plugin;
  const module = (id: string, moduleId: string) => actionsById.get(`${id}/${moduleId}`) ?? defaults.module;
  return {
    plugin,
    module,
    allowsPlugin: id => plugin(id) !== 'abort',
    allowsModule: (id, moduleId) => module(id, moduleId) !== 'abort' || plugin(id) !== 'abort',
    timeoutMs: id => timeouts.get(id) ?? defaults.timeoutMs,
    retry,
  };
}

function readLimits(lifecycle: Section): ShutdownLimits {
  // What is waited on purpose is not what the deadline is against. A delay of zero is none; the HTTP server checks it.
  const delay = lifecycle.has('serverShutdownDelay') ? lifecycle.duration('serverShutdownDelay') : undefined;
  return {
    totalMs: (lifecycle.duration('shutdownTimeout') ?? defaultLimits.totalMs) + (delay ?? 0),
    hookMs: lifecycle.duration('shutdownHookTimeout') ?? defaultLimits.hookMs,
  };
}

/** A part of the configuration under its whole name; of one that is not given nothing is. */
class Section {
  constructor(
    private readonly config: Config | undefined,
    private readonly name: string,
    private readonly milliseconds: typeof readMilliseconds,
    private readonly problems: EngineError[],
  ) {}

  get ids(): readonly string[] {
    return this.config?.keys() ?? [];
  }

  has(key: string): boolean {
    return Boolean(this.config?.getOptional(key));
  }

  /** One that is no object is a problem and counts as not given. */
  section(key: string): Section {
    const value = this.config?.getOptional(key);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (value !== undefined && !isObject) this.#refuse(key, value, 'an object');
    const config = isObject ? this.config!.getOptionalConfig(key) : undefined;
    return new Section(config, this.#nameOf(key), this.milliseconds, this.problems);
  }

  action(key: string): FailureAction | undefined {
    const value = this.config?.getOptional(key);
    const known = actions.find(one => one === value);
    if (value !== undefined && !known) this.#refuse(key, value, "'abort', 'continue' or 'retry'");
    return known;
  }

  duration(key: string): number | undefined {
    return this.milliseconds(this.config, key, this.name, this.problems);
  }

  #refuse(key: string, value: unknown, expected: string): void {
    const fields = { key: this.#nameOf(key), found: describe(value), expected };
    this.problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
  }

  #nameOf(key: string): string {
    return this.name === '' ? key : `${this.name}.${key}`;
  }
}
