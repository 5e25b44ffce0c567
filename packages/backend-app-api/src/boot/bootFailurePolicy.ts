// Reads from the configuration what a failure means: for each plugin and module whether to abort, and how long it may take.
import type { Config } from '@backstage/config';
import { describe, EngineError } from '../errors';
import { readMilliseconds } from './readMilliseconds';

/** What a failed plugin or module means for the backend. */
export type FailureAction = 'abort' | 'continue';

/** The answers of the configuration under `backend.startup`. */
export interface BootFailurePolicy {
  plugin(pluginId: string): FailureAction;
  module(pluginId: string, moduleId: string): FailureAction;
  /** Milliseconds that the start of a plugin may take; `undefined` for no limit. */
  timeoutMs(pluginId: string): number | undefined;
}

const ROOT = 'backend.startup';

/** Reads the policy; wrong values become `problems` and count as not given. */
export function readBootFailurePolicy(config: Config | undefined): {
  policy: BootFailurePolicy;
  problems: EngineError[];
} {
  const problems: EngineError[] = [];
  const startup = config?.getOptionalConfig(ROOT);

  const action = (key: string): FailureAction | undefined => {
    const value = startup?.getOptional(key);
    if (value === undefined || value === 'abort' || value === 'continue') return value;
    const fields = { key: `${ROOT}.${key}`, found: describe(value), expected: "'abort' or 'continue'" };
    problems.push(new EngineError('GR_STARTUP_CONFIG_INVALID', fields));
    return undefined;
  };
  const timeout = (key: string) => readMilliseconds(startup, key, ROOT, problems);

  const defaults = {
    plugin: action('default.onPluginBootFailure') ?? 'abort',
    module: action('default.onPluginModuleBootFailure') ?? 'abort',
    timeoutMs: timeout('default.timeout'),
  };
  const plugins = new Map<string, FailureAction | undefined>();
  const timeouts = new Map<string, number | undefined>();
  const modules = new Map<string, FailureAction | undefined>();
  for (const pluginId of startup?.getOptionalConfig('plugins')?.keys() ?? []) {
    const key = `plugins.${pluginId}`;
    plugins.set(pluginId, action(`${key}.onPluginBootFailure`));
    timeouts.set(pluginId, timeout(`${key}.timeout`));
    for (const moduleId of startup?.getOptionalConfig(`${key}.modules`)?.keys() ?? []) {
      const found = action(`${key}.modules.${moduleId}.onPluginModuleBootFailure`);
      modules.set(`${pluginId}/${moduleId}`, found);
    }
  }

  return {
    policy: {
      plugin: pluginId => plugins.get(pluginId) ?? defaults.plugin,
      module: (pluginId, moduleId) => modules.get(`${pluginId}/${moduleId}`) ?? defaults.module,
      timeoutMs: pluginId => timeouts.get(pluginId) ?? defaults.timeoutMs,
    },
    problems,
  };
}
