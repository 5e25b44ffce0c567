// Reads `backend.telemetry`.
import { ConfigReader, type Config } from '@backstage/config';
import { booleanFromText } from '../../config/fromText';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isObject } from '../../isObject';
import { isUrlOf, webProtocols } from '../../config/isUrlOf';
import { readDelay } from '../../config/readDuration';

/** Where to export to with OTLP. */
export interface OtlpSettings {
  /** Default: `OTEL_EXPORTER_OTLP_ENDPOINT`, or else port 4318 of this machine. */
  url?: string;
  headers?: Record<string, string>;
}

/** Where Prometheus finds the metrics. */
export interface PrometheusSettings {
  host?: string;
  port: number;
  path: string;
}

/** What is enabled. */
export interface TelemetrySettings {
  serviceName?: string;
  prometheus?: PrometheusSettings;
  /** `interval` is in milliseconds. */
  metrics?: OtlpSettings & { interval: number };
  traces?: OtlpSettings & { sampleRatio?: number };
}

const key = 'backend.telemetry';
const defaultPort = 9464;

/** Reads the settings; undefined if nothing is enabled, which is the default. */
export function readTelemetrySettings(config: Config): TelemetrySettings | undefined {
  const prometheus = readSwitch(config, 'metrics.prometheus');
  const metrics = readSwitch(config, 'metrics.otlp');
  const traces = readSwitch(config, 'traces.otlp');
  if (!prometheus && !metrics && !traces) return undefined;
  return {
    serviceName: config.getOptionalString(`${key}.serviceName`),
    prometheus: prometheus && readPrometheus(prometheus),
    metrics: metrics && { ...readOtlp(metrics, 'metrics'), interval: readInterval(metrics) },
    traces: traces && { ...readOtlp(traces, 'traces'), sampleRatio: readSampleRatio(config) },
  };
}

/** The section below a switch: undefined if it is off, empty if it is just `true`. */
function readSwitch(config: Config, name: string): Config | undefined {
  const value = booleanFromText(config.getOptional(`${key}.${name}`));
  if (value === undefined || value === null || value === false) {
    return undefined;
  }
  if (value !== true && !isObject(value)) {
    throw new InvalidConfigValueError(`${key}.${name}`, 'must be true, false, or an object');
  }
  return value === true ? new ConfigReader({}) : config.getConfig(`${key}.${name}`);
}

function readPrometheus(section: Config): PrometheusSettings {
  const name = `${key}.metrics.prometheus`;
  const path = section.getOptionalString('path') ?? '/metrics';
  if (!path.startsWith('/')) {
    throw new InvalidConfigValueError(`${name}.path`, "must begin with '/'");
  }
  const port = section.getOptionalNumber('port') ?? defaultPort;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidConfigValueError(`${name}.port`, 'must be a number from 0 to 65535');
  }
  return { host: section.getOptionalString('host'), port, path };
}

function readOtlp(section: Config, signal: 'metrics' | 'traces'): OtlpSettings {
  const url = section.getOptionalString('url');
  if (url !== undefined && !isUrlOf(webProtocols, url)) {
    throw new InvalidConfigValueError(
      `${key}.${signal}.otlp.url`,
      `is not a URL such as 'http://collector:4318/v1/${signal}'`,
    );
  }
  const headers = section.getOptionalConfig('headers');
  return {
    url,
    headers: headers && Object.fromEntries(headers.keys().map(header => [header, headers.getString(header)])),
  };
}

function readInterval(section: Config): number {
  return readDelay(section, 'interval', `${key}.metrics.otlp.interval`) || 60_000;
}

function readSampleRatio(config: Config): number | undefined {
  const name = `${key}.traces.sampleRatio`;
  const ratio = config.getOptionalNumber(name);
  if (ratio !== undefined && (ratio < 0 || ratio > 1)) {
    throw new InvalidConfigValueError(name, 'must be a number from 0 to 1');
  }
  return ratio;
}
