// Reads what the configuration says about one plugin.
import type { Config } from '@backstage/config';

/**
 * The section `<key>.<pluginId>`, if there is one. Not every ID can be a key: a reader refuses to look for `a--b`, which
 * must not keep that plugin from starting.
 */
export function pluginSection(config: Config | undefined, key: string, pluginId: string): Config | undefined {
  const plugins = config?.getOptionalConfig(key);
  return plugins?.keys().includes(pluginId) ? plugins.getOptionalConfig(pluginId) : undefined;
}
