// Serves the health of the backend over HTTP.
import type { RootConfigService, RootHealthService } from '@greenroom/backend-plugin-api';
import type { RequestHandler } from 'express';
import { readHealthHeaders } from '../rootHealth/config';

const prefix = '/.backstage/health/v1/';
const draining = { status: 503, payload: { status: 'error', message: 'The backend is shutting down' } };

/**
 * A handler for `/.backstage/health/v1/liveness` and `/readiness`; other requests are passed on. Belongs before
 * everything else, so that probes are cheap and never logged. It does not need express.
 *
 * @public
 */
export function createHealthRouter(options: {
  health: RootHealthService;
  config: RootConfigService;
  /** Called for each readiness probe. If it returns `true`, the answer is 503, whatever the health service says. */
  isDraining?: () => boolean;
  /** Called with the path of each probe before it is answered. */
  onProbe?: (path: string) => void;
}): RequestHandler {
  const { health, config, isDraining, onProbe } = options;
  const headers = lowerCaseKeys(readHealthHeaders(config));

  // Other implementations take no options, and ignore these.
  const readiness: (options: { verbose: boolean }) => ReturnType<RootHealthService['getReadiness']> =
    health.getReadiness.bind(health);
  const probes: Record<string, (verbose: boolean) => ReturnType<RootHealthService['getReadiness']>> = {
    [`${prefix}liveness`]: () => health.getLiveness(),
    [`${prefix}readiness`]: async verbose => (isDraining?.() ? draining : readiness({ verbose })),
  };

  return (req, res, next) => {
    if (!req.url.startsWith(prefix) || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    const [path, query] = req.url.split('?', 2);
    const route = path!.replace(/\/$/, '');
    const probe = probes[route];
    if (!probe) return next();
    onProbe?.(route);
    const answer = ({ status, payload }: Awaited<ReturnType<typeof probe>>) => {
      res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
      res.end(JSON.stringify(payload ?? {}));
    };
    return probe(new URLSearchParams(query).has('verbose')).then(answer).catch(next);
  };
}

function lowerCaseKeys(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
