// Creates the HTTP or HTTPS server, with a start, and a stop that lets running requests finish.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { withoutUndefined } from '../../withoutUndefined';
import type {
  GeneratedCertificateOptions,
  HttpServerCertificateOptions,
  HttpServerLimits,
  HttpServerOptions,
} from './config';
import { ConnectionTracker } from './ConnectionTracker';
import { ListenFailedError, PortInUseError } from './httpServerErrors';

/**
 * A Node server that can be started and stopped.
 *
 * @public
 */
export interface ExtendedHttpServer extends http.Server {
  /** Resolves when the server listens. Rejects with `PortInUseError` or `ListenFailedError`. */
  start(): Promise<void>;
  /**
   * Stops accepting, soon closes idle connections, and resolves when all running requests have ended. Rejects with
   * `DrainTimeoutError` if requests had to be cut off. Does nothing if the server is not listening.
   */
  stop(): Promise<void>;
  /** From now on, responses carry `Connection: close`. Requests are still accepted. */
  beginDrain(): void;
  /** The port that the server listens on. */
  port(): number;
}

/** Options of {@link createHttpServer} beyond the address. */
export interface CreateHttpServerDeps {
  limits?: Partial<HttpServerLimits>;
  /** How many milliseconds running requests have to finish on `stop`. Default 10000. */
  drainTimeout?: number;
  /**
   * Milliseconds that `stop` allows for requests that are already on their way, because proxies retry nothing but a
   * GET. Default 100; with 0, connections without a request are closed at once.
   */
  lateTime?: number;
  /** Request and response classes to use. */
  classes?: Pick<http.ServerOptions, 'IncomingMessage' | 'ServerResponse'>;
  /** Which requests for another protocol go to `upgrade` listeners. Default, and in older Node: all, if there is one. */
  shouldUpgradeCallback?: ((req: http.IncomingMessage) => boolean) | undefined;
}

/**
 * Creates a server that does not listen yet.
 *
 * @public
 */
export async function createHttpServer(
  listener: http.RequestListener,
  options: HttpServerOptions,
  deps: CreateHttpServerDeps = {},
): Promise<ExtendedHttpServer> {
  const { limits = {}, drainTimeout = 10_000, lateTime = 100, classes = {}, shouldUpgradeCallback } = deps;
  const { keepAliveTimeout, headersTimeout, requestTimeout } = limits;
  const serverOptions = withoutUndefined({
    keepAliveTimeout,
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval: checkingInterval(headersTimeout, requestTimeout),
    shouldUpgradeCallback,
    ...classes,
  });
  const certificate = options.https && (await readCertificate(options.https.certificate));
  const server = certificate
    ? await createHttpsServer(serverOptions, certificate)
    : http.createServer(serverOptions);
  const { timeout, maxHeadersCount, maxRequestsPerSocket } = limits;
  Object.assign(server, withoutUndefined({ timeout, maxHeadersCount, maxRequestsPerSocket }));

  const tracker = new ConnectionTracker(server, { secure: certificate !== undefined });
  server.on('request', listener);
  return Object.assign(server, {
    start: () => listen(server, options.listen),
    stop: async () => {
      if (server.listening) {
        await tracker.close({ timeoutMs: drainTimeout, lateMs: lateTime });
      }
    },
    beginDrain: () => tracker.beginDrain(),
    port: () => (server.address() as AddressInfo | null)?.port ?? options.listen.port,
  });
}

/** Node looks for slow requests only every 30 s, which is too rare for shorter limits. */
function checkingInterval(...limits: Array<number | undefined>): number {
  return Math.ceil(Math.min(30_000, ...limits.map(limit => (limit ? limit / 2 : Infinity))));
}

async function readCertificate(
  certificate: HttpServerCertificateOptions | GeneratedCertificateOptions,
): Promise<{ cert: string; key: string }> {
  if (certificate.type === 'pem') return certificate;
  const { developmentCertificate } = await import('./certificates/developmentCertificate');
  return developmentCertificate(certificate);
}

async function createHttpsServer(
  options: http.ServerOptions,
  { cert, key }: { cert: string; key: string },
): Promise<http.Server> {
  const https = await import('node:https');
  try {
    return https.createServer({ ...options, cert, key });
  } catch (cause) {
    throw new InvalidConfigValueError('backend.https.certificate', 'is not a PEM certificate with its key', {
      cause,
    });
  }
}

function listen(server: http.Server, { port, host }: HttpServerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new PortInUseError({ port, host, cause })
          : new ListenFailedError({ port, host, cause }),
      );
    };
    server.once('error', onError);
    server.listen({ port, ...(host && { host }) }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}
