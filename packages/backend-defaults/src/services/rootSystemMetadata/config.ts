// Reads which plugins the configuration places in other backends.
import type { Config } from '@backstage/config';
import { readDiscoveryEndpoints } from '../discovery/config';

/** The plugins that `discovery.endpoints` names, in order; `*` is no plugin. */
export function readConfiguredPlugins(config: Config): string[] {
  return readDiscoveryEndpoints(config)
    .flatMap(({ plugins }) => plugins)
    .filter(pluginId => pluginId !== '*');
}
