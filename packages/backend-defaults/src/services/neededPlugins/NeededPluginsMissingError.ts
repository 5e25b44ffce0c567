// The error of a start that waited for other backends in vain.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** A plugin that is not ready, and why. */
export interface MissingPlugin {
  pluginId: string;
  url?: string;
  reason: string;
}

/** Plugins that this backend needs did not become ready in time. */
export class NeededPluginsMissingError extends GreenroomError {
  constructor(missing: readonly MissingPlugin[], timeoutMs: number) {
    const listed = missing
      .map(({ pluginId, url, reason }) => `plugin '${pluginId}'${url ? ` at ${url}` : ''} (${reason})`)
      .join(', ');
    super({
      code: 'GR_NEEDED_PLUGINS_MISSING',
      message: `This backend waited ${timeoutMs / 1000} s for other backends, and these are not ready: ${listed}`,
      hint: 'Start the backends that have them, correct discovery.endpoints, raise backend.startup.needsTimeout, or take them out of backend.startup.needs.',
    });
  }
}
