// Holds requests back until their plugin has started, and refuses them if it has failed.
import { ServiceUnavailableError } from '@backstage/errors';
import type { PluginStatusService } from '@greenroom/backend-app-api';
import type { NextFunction, Request, Response } from 'express';

/** Options of a {@link PluginGate}. */
export interface PluginGateOptions {
  pluginId: string;
  status: PluginStatusService;
  /** How many milliseconds a request waits for the start. */
  pauseTimeout: number;
}

/** The gate in front of one plugin's handlers. */
export class PluginGate {
  readonly #options: PluginGateOptions;
  #open = false;

  constructor(options: PluginGateOptions) {
    this.#options = options;
    // Not left to the first request, which may arrive when the plugin is about to stop but still has to serve it.
    void options.status.settled(options.pluginId).then(() => {
      this.#open = options.status.get(options.pluginId)?.status === 'started';
    });
  }

  /** Once `true`, it stays so: a stop finishes running requests before it stops any plugin. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Calls `next` as soon as the plugin has started, or with a `ServiceUnavailableError` if it failed, stops or takes
   * too long. Does not call it if the client has gone while waiting.
   */
  pass(req: Request, res: Response, next: NextFunction): void {
    const state = this.#options.status.get(this.#options.pluginId);
    if (state?.status !== 'starting') {
      this.#decide(next);
      return;
    }
    const finish = () => {
      clearTimeout(timer);
      res.off('close', finish);
      if (!req.socket.destroyed) {
        this.#decide(next, waited);
      }
    };
    let waited = false;
    const timer = setTimeout(() => {
      waited = true;
      finish();
    }, this.#options.pauseTimeout);
    res.once('close', finish);
    void this.#options.status.settled(this.#options.pluginId).then(() => {
      if (!waited && !res.closed) {
        finish();
      }
    });
  }

  #decide(next: NextFunction, waited = false): void {
    const { pluginId, status, pauseTimeout } = this.#options;
    const state = status.get(pluginId);
    switch (state?.status) {
      case 'started':
        this.#open = true;
        next();
        break;
      case 'starting':
        next(
          unavailable(
            `The plugin '${pluginId}' has not started${waited ? ` within ${pauseTimeout} ms` : ''} yet, try again later`,
          ),
        );
        break;
      case 'failed':
        next(unavailable(`The plugin '${pluginId}' failed to start`, state.code));
        break;
      case 'stopping':
        next(unavailable(`The plugin '${pluginId}' is shutting down`));
        break;
      default:
        // Not a plugin that the engine started, so there is nothing to wait for.
        next();
    }
  }
}

function unavailable(message: string, code?: string): ServiceUnavailableError {
  return Object.assign(new ServiceUnavailableError(message), code && { code });
}
