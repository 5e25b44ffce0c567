// Reads from the configuration what a failure means: for each plugin and module whether to abort, and how long it may take.
import type { Config } from '@backstage/config';
import { describe, EngineError } from '../errors';
import type { readMilliseconds } from './readMilliseconds';
import { readSection } from './readSection';

const actions = ['abort', 'continue', 'retry'] as const;

/** What a failed plugin or module means for the backend. */
export type FailureAction = (typeof actions)[number];

/** How often a plugin that may be retried is tried again. */
export interface RetryPacing {
  /** Milliseconds before the second attempt; doubled before each further one. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

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
  readonly retry: RetryPacing;
}

const ROOT = 'backend.startup';

/** Reads the policy; wrong values become `problems` and count as not given. */
export function readBootFailurePolicy(
  config: Config | undefined,
  milliseconds: typeof readMilliseconds,
  problems: EngineError[],
): BootFailurePolicy {
  const startup = readSection(config, ROOT, problems);
  const section = (key: string) => readSection(startup, key, problems, `${ROOT}.${key}`);

  const action = (key: string): FailureAction | undefined => {
    const value = startup?.getOptional(key);
    const known = actions.find(one => one === value);
    if (value !== undefined && !known) {
      const expected = "'abort', 'continue' or 'retry'";
      const fields = { key: `${ROOT}.${key}`, found: describe(value), expected };
      problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
    }
    return known;
  };
  const duration = (key: string) => milliseconds(startup, key, ROOT, problems);

  const defaults = {
    plugin: action('default.onPluginBootFailure') ?? 'abort',
    module: action('default.onPluginModuleBootFailure') ?? 'abort',
    timeoutMs: duration('default.timeout'),
  };
  const retry = {
    initialDelayMs: duration('retry.initialDelay') ?? 1_000,
    maxDelayMs: duration('retry.maxDelay') ?? 60_000,
  };
  const plugins = new Map<string, FailureAction | undefined>();
  const timeouts = new Map<string | undefined, number | undefined>();
  const modules = new Map<string, FailureAction | undefined>();
  for (const pluginId of section('plugins')?.keys() ?? []) {
    const key = `plugins.${pluginId}`;
    plugins.set(pluginId, action(`${key}.onPluginBootFailure`));
    timeouts.set(pluginId, duration(`${key}.timeout`));
    for (const moduleId of section(`${key}.modules`)?.keys() ?? []) {
      const found = action(`${key}.modules.${moduleId}.onPluginModuleBootFailure`);
      modules.set(`${pluginId}/${moduleId}`, found);
    }
  }

  const plugin = (pluginId: string) => plugins.get(pluginId) ?? defaults.plugin;
  const module = (pluginId: string, moduleId: string) =>
    modules.get(`${pluginId}/${moduleId}`) ?? defaults.module;
  return {
    plugin,
    module,
    allowsPlugin: pluginId => plugin(pluginId) !== 'abort',
    allowsModule: (pluginId, moduleId) =>
      module(pluginId, moduleId) !== 'abort' || plugin(pluginId) !== 'abort',
    timeoutMs: pluginId => timeouts.get(pluginId) ?? defaults.timeoutMs,
    retry,
  };
}
