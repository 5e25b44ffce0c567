// Answers requests to plugins that have mounted nothing, because they are still starting or have failed.
import type { PluginStatusService } from '@greenroom/backend-app-api';
import type { RequestHandler } from 'express';
import { PluginGate } from '../httpRouter/PluginGate';
import { pluginOfUrl } from './pluginOfUrl';

/**
 * A handler for requests below `/api/<pluginId>` that no route has handled: waits for a plugin that is starting and
 * then tries `routes` again, responds 503 for one that has failed, and passes everything else on.
 */
export function createUnmountedPluginHandler(options: {
  status: PluginStatusService;
  /** How many milliseconds a request waits for its plugin to start. */
  pauseTimeout: number;
  routes: RequestHandler;
}): RequestHandler {
  const { status, pauseTimeout, routes } = options;
  return (req, res, next) => {
    const pluginId = pluginOfUrl(req.url, id => status.get(id) !== undefined);
    if (!pluginId || status.get(pluginId)?.status === 'started') {
      next();
      return;
    }
    const gate = new PluginGate({ pluginId, status, pauseTimeout });
    gate.pass(req, res, error => (error ? next(error) : routes(req, res, next)));
  };
}
