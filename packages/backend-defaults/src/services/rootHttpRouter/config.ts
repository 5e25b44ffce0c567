// Reads the configuration of the HTTP server, which is below `backend`.
import type { Config } from '@backstage/config';
import { booleanFromText, fromText } from '../../config/fromText';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { readDelay, readDuration } from '../../config/readDuration';

/**
 * Where the server listens, and with which certificate.
 *
 * @public
 */
export interface HttpServerOptions {
  /** An empty host means all interfaces, port 0 any free port. */
  listen: { port: number; host: string };
  https?: { certificate: HttpServerCertificateOptions | GeneratedCertificateOptions };
}

/**
 * A certificate and its key, both in PEM format.
 *
 * @public
 */
export interface HttpServerCertificateOptions {
  type: 'pem';
  key: string;
  cert: string;
}

/**
 * A certificate that is generated on this machine, for development.
 *
 * @public
 */
export interface GeneratedCertificateOptions {
  type: 'generated';
  /** A host name that it covers in addition to this machine. */
  hostname: string;
}

/** Limits of the server. Times are in milliseconds; undefined ones keep Node's default. */
export interface HttpServerLimits {
  keepAliveTimeout: number;
  headersTimeout: number;
  requestTimeout: number;
  timeout?: number;
  maxHeadersCount?: number;
  maxRequestsPerSocket?: number;
}

const defaultPort = 7007;
// Above the 60 s after which common load balancers drop an idle connection, so that we never close it first.
const defaultKeepAliveTimeout = 65_000;
// Node's default.
const defaultRequestTimeout = 300_000;
// Must exceed the keep-alive timeout: the time for the next request's headers starts when the previous one is answered.
const headersTimeoutAbove = 1_000;

/**
 * Reads `listen` and `https` of the `backend` configuration. Default: port 7007 on all interfaces, no HTTPS.
 *
 * @public
 */
export function readHttpServerOptions(config?: Config): HttpServerOptions {
  const https = config && readHttps(config);
  return { listen: readListen(config), ...(https && { https }) };
}

function readListen(config?: Config): HttpServerOptions['listen'] {
  const listen = config?.getOptional('listen');
  if (listen === undefined) {
    return { port: defaultPort, host: '' };
  }
  if (typeof listen === 'number' || typeof listen === 'string') {
    return parseAddress(String(listen));
  }
  if (!isObject(listen)) {
    throw new InvalidConfigValueError(
      'backend.listen',
      "must be a string such as ':7007', a port, or { host, port }",
    );
  }
  const port = config?.getOptional('listen.port') ?? defaultPort;
  return {
    port: parsePort(String(port), 'backend.listen.port'),
    host: config?.getOptionalString('listen.host') ?? '',
  };
}

function parseAddress(address: string): HttpServerOptions['listen'] {
  const match = /^(?:(?<host>\[[^\]]+\]|[^:]*):)?(?<port>\d+)$/.exec(address.trim());
  if (!match?.groups) {
    throw new InvalidConfigValueError(
      'backend.listen',
      `is '${address}', which is not of the form ':port' or 'host:port'`,
    );
  }
  const host = (match.groups.host ?? '').replace(/^\[|\]$/g, '');
  return { port: parsePort(match.groups.port!, 'backend.listen'), host: host === '*' ? '' : host };
}

function parsePort(text: string, key: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new InvalidConfigValueError(key, `has the port '${text}', which is not a number from 0 to 65535`);
  }
  return port;
}

function readHttps(config: Config): HttpServerOptions['https'] {
  const https = booleanFromText(config.getOptional('https'));
  if (https === undefined || https === false) return undefined;
  if (https === true) {
    const baseUrl = config.getOptionalString('baseUrl') ?? '';
    const hostname = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : 'localhost';
    return { certificate: { type: 'generated', hostname } };
  }
  const cert = config.getOptionalString('https.certificate.cert');
  const key = config.getOptionalString('https.certificate.key');
  if (!cert || !key) {
    throw new InvalidConfigValueError('backend.https', 'needs certificate.cert and certificate.key', {
      hint: 'Give both as PEM text, for example with $file; or set backend.https to true for a certificate that is made on this machine, which is for development only; or remove backend.https to serve plain HTTP.',
    });
  }
  return { certificate: { type: 'pem', cert, key } };
}

/** Reads `backend.server`. */
export function readServerLimits(config: Config): HttpServerLimits {
  const duration = (name: string) => readDuration(config, `backend.server.${name}`);
  const count = (name: string) => config.getOptionalNumber(`backend.server.${name}`);
  const keepAliveTimeout = duration('keepAliveTimeout') ?? defaultKeepAliveTimeout;
  const requestTimeout = duration('requestTimeout') ?? defaultRequestTimeout;
  const longest = requestTimeout || Infinity;
  const headersTimeout =
    duration('headersTimeout') ?? Math.min(keepAliveTimeout + headersTimeoutAbove, longest);
  if (headersTimeout > longest) {
    throw new InvalidConfigValueError(
      'backend.server.headersTimeout',
      `is ${headersTimeout} ms, and must not be longer than backend.server.requestTimeout, ${requestTimeout} ms`,
    );
  }
  return {
    keepAliveTimeout,
    headersTimeout,
    requestTimeout,
    timeout: duration('timeout'),
    maxHeadersCount: count('maxHeadersCount'),
    maxRequestsPerSocket: count('maxRequestsPerSocket'),
  };
}

/** Milliseconds at the beginning of a stop in which readiness fails but requests are still accepted. Default 0. */
export function readShutdownDelay(config: Config): number {
  return readDelay(config, 'backend.lifecycle.serverShutdownDelay') ?? 0;
}

/** Milliseconds after that in which running requests may finish. Default 10 s. */
export function readDrainTimeout(config: Config): number {
  return readDelay(config, 'backend.lifecycle.drainTimeout') ?? 10_000;
}

/**
 * Reads `backend.trustProxy`, in the forms of express's `trust proxy` setting; numbers and booleans also as text, because
 * variables contain text. Default: `false`.
 */
export function readTrustProxy(config: Config): boolean | number | string | string[] {
  const value = fromText(config.getOptional('backend.trustProxy'));
  if (value === undefined) return false;
  if (Array.isArray(value) && value.every(entry => typeof entry === 'string')) {
    return value as string[];
  }
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return value;
  }
  throw new InvalidConfigValueError(
    'backend.trustProxy',
    'must be a boolean, a number of hops, an address or a list of addresses',
  );
}
