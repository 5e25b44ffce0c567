// Tells how the plugins of a backend are, as far as the engine knows.
import type { PluginState, PluginStatusService } from '@greenroom/backend-app-api';
import type { RootInstanceMetadataService } from '@greenroom/backend-plugin-api';
import type { HealthContributor } from './HealthChecks';

const healthOf: Record<PluginState, HealthContributor['status']> = {
  started: 'ok',
  failed: 'failed',
  // Readiness is not asked for plugins before all have started once, so this one is tried again.
  starting: 'degraded',
  stopping: 'ok',
};

/** One contributor a plugin, `plugin:<id>`. */
export async function pluginContributors(
  installed: RootInstanceMetadataService,
  statuses: PluginStatusService,
): Promise<HealthContributor[]> {
  const plugins = await installed.getInstalledPlugins();
  return plugins.flatMap(({ pluginId }) => {
    const state = statuses.get(pluginId);
    return state ? [{ name: `plugin:${pluginId}`, status: healthOf[state.status] }] : [];
  });
}
