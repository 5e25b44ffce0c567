// Tells how the plugins of a backend are, as far as the engine knows.
import type { PluginStatus, PluginStatusService } from '@greenroom/backend-app-api';
import type { RootInstanceMetadataService } from '@greenroom/backend-plugin-api';
import type { HealthContributor } from './HealthChecks';

function healthOf({ status, retried }: PluginStatus): HealthContributor['status'] {
  // Readiness is not asked for plugins before all have started once, nor when they stop.
  if (status !== 'failed') return 'ok';
  return retried ? 'degraded' : 'failed';
}

/** One contributor a plugin, `plugin:<id>`. */
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
