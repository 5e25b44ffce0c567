// Serves the metrics to Prometheus on a port of its own, which need not be reachable for users.
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PrometheusSettings } from './config';
import { PrometheusListenError } from './telemetryErrors';

/** A small HTTP server that answers one path. */
export class PrometheusEndpoint {
  readonly #server: Server;
  readonly #settings: PrometheusSettings;

  /** Rejects with `PrometheusListenError`. */
  static async start(
    exporter: PrometheusExporter,
    settings: PrometheusSettings,
  ): Promise<PrometheusEndpoint> {
    const server = createServer((req, res) => {
      const [path] = (req.url ?? '').split('?');
      if (path === settings.path && (req.method === 'GET' || req.method === 'HEAD')) {
        exporter.getMetricsRequestHandler(req, res);
      } else {
        res.writeHead(404).end();
      }
    });
    try {
      server.listen(settings.port, settings.host);
      await once(server, 'listening');
    } catch (cause) {
      throw new PrometheusListenError({ ...settings, cause: cause as NodeJS.ErrnoException });
    }
    return new PrometheusEndpoint(server, settings);
  }

  private constructor(server: Server, settings: PrometheusSettings) {
    this.#server = server;
    this.#settings = settings;
  }

  get url(): string {
    const { host = 'localhost', path } = this.#settings;
    const { port } = this.#server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
