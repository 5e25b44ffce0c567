// The health of a backend's plugins, as far as the engine knows it.
import type { PluginStatus, PluginStatusService } from '@greenroom/backend-app-api';
import type { RootInstanceMetadataService } from '@greenroom/backend-plugin-api';
import type { HealthContributor } from './HealthChecks';

function healthOf({ status, retried }: PluginStatus): HealthContributor['status'] {
  // Readiness only asks for this once all plugins have started, and not while they stop.
  if (status !== 'failed') return 'ok';
  return retried ? 'degraded' : 'failed';
}

/** One contributor per plugin, named `plugin:<id>`. */
export async function pluginContributors(
  installed: RootInstanceMetadataService,
  statuses: PluginStatusService,
): Promise<HealthContributor[]> {
  const plugins = await installed.getInstalledPlugins();
  return plugins.flatMap(({ pluginId }) => {
    const state = statuses.get(pluginId);
    return state ? [{ name: `plugin:${pluginId}`, status: healthOf(state) }] : [];
  });
}
