// Waits until the backends of other plugins are ready, so that backends can be started in any order.
import type { DiscoveryService, LoggerService } from '@greenroom/backend-plugin-api';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOfFetch } from '../../remote/reasonOf';
import { NeededPluginsMissingError, type MissingPlugin } from './NeededPluginsMissingError';

/**
 * Options of {@link NeededPlugins}.
 *
 * @public
 */
export interface NeededPluginsOptions {
  /** Locates the plugins. Asked again for each attempt. */
  discovery: Pick<DiscoveryService, 'getBaseUrl'>;
  /** Logs what is being waited for, and when it is ready. */
  logger: LoggerService;
  /** Milliseconds between attempts. Default: 500. */
  intervalMs?: number;
  /** Milliseconds after which the wait is logged, and again each time it has doubled. Default: 2,000. */
  patienceMs?: number;
}

/**
 * Waits for plugins of other backends.
 *
 * @public
 */
export class NeededPlugins {
  readonly #options: Required<NeededPluginsOptions>;

  constructor(options: NeededPluginsOptions) {
    const { intervalMs = 500, patienceMs = 2_000 } = options;
    this.#options = { ...options, intervalMs, patienceMs };
  }

  /**
   * Resolves when the backend of each plugin reports that it is ready, or when `signal` is aborted. Rejects with
   * `NeededPluginsMissingError` after `timeoutMs`.
   */
  async wait(pluginIds: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const begin = performance.now();
    const waits = pluginIds.map(pluginId => this.#waitFor(pluginId, { begin, timeoutMs, signal }));
    const missing = (await Promise.all(waits)).filter(problem => problem !== undefined);
    if (missing.length > 0) throw new NeededPluginsMissingError(missing, timeoutMs);
  }

  /** Returns what is wrong with the plugin when the time is up. */
  async #waitFor(
    pluginId: string,
    { begin, timeoutMs, signal }: { begin: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<MissingPlugin | undefined> {
    const { logger, intervalMs } = this.#options;
    let nextWord = this.#options.patienceMs;
    while (!signal?.aborted) {
      const problem = await this.#problemOf(pluginId);
      const elapsed = performance.now() - begin;
      if (!problem) {
        if (nextWord > this.#options.patienceMs) logger.info(`Plugin '${pluginId}' is ready`);
        return undefined;
      }
      if (elapsed >= timeoutMs) return problem;
      if (elapsed >= nextWord) {
        nextWord *= 2;
        const where = problem.url ? ` at ${problem.url}` : '';
        const left = Math.ceil((timeoutMs - elapsed) / 1000);
        logger.warn(`Waiting for plugin '${pluginId}'${where}, for ${left} s at most: ${problem.reason}`);
      }
      await sleep(Math.min(intervalMs, timeoutMs - elapsed), undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  async #problemOf(pluginId: string): Promise<MissingPlugin | undefined> {
    let url: string | undefined;
    try {
      const base = await this.#options.discovery.getBaseUrl(pluginId);
      // Includes the path prefix of a proxy, if the plugin is behind one.
      const root = /^(.*)\/api\/[^/]+\/?$/.exec(base)?.[1] ?? new URL(base).origin;
      url = `${root}/.backstage/health/v1/readiness`;
      let answer = await ask(url);
      if (answer.status === 404 || answer.isPage) {
        // A load balancer that routes by path may only pass on those of plugins, and every plugin publishes its keys.
        url = `${base}/.backstage/auth/v1/jwks.json`;
        answer = await ask(url);
      }
      const { status, isPage } = answer;
      if (status < 300 && isPage) return { pluginId, url, reason: 'it answers with a page' };
      // A backend of another kind may have neither; then any response is good enough.
      return status < 500 ? undefined : { pluginId, url, reason: `it answers ${status}` };
    } catch (error) {
      return { pluginId, ...(url && { url }), reason: reasonOfFetch(error) };
    }
  }
}

/** A page never comes from a backend, but from a frontend at the same address or from the proxy itself. */
async function ask(url: string): Promise<{ status: number; isPage: boolean }> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  // An unread body would keep its connection.
  await answer.body?.cancel();
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
  return { status: answer.status, isPage };
}
