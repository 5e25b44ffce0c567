// Serves the metrics to Prometheus on a separate port, which users need not be able to reach.
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostInUrl } from '../../hostInUrl';
import type { PrometheusSettings } from './config';
import { PrometheusListenError } from './telemetryErrors';

/** Starts a small HTTP server for one path. Returns its URL and a way to stop it. Rejects with `PrometheusListenError`. */
export async function servePrometheus(
  exporter: PrometheusExporter,
  { host, port, path }: PrometheusSettings,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((req, res) => {
    const [asked] = (req.url ?? '').split('?');
    if (asked === path && (req.method === 'GET' || req.method === 'HEAD')) {
      exporter.getMetricsRequestHandler(req, res);
    } else {
      res.writeHead(404).end();
    }
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new PrometheusListenError({ host, port, cause: cause as NodeJS.ErrnoException });
  }
  return {
    url: `http://${hostInUrl(host ?? 'localhost')}:${(server.address() as AddressInfo).port}${path}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
