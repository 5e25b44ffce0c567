// Sets up the OpenTelemetry SDK as configured, and shuts it down.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { randomUUID } from 'node:crypto';
import { carryTraceContext } from './carryTraceContext';
import type { TelemetrySettings } from './config';
import { withDeadline } from '../../remote/withDeadline';
import { servePrometheus } from './servePrometheus';
import { instrumentationScope, stopTimeout, type Telemetry } from './Telemetry';
import { TelemetryPackageMissingError } from './telemetryErrors';
import { tellDiagnostics } from './tellDiagnostics';

/** Telemetry, and a way to stop it. */
export interface StartedTelemetry extends Telemetry {
  /** Exports what is left, and removes the SDK from the process. */
  stop(): Promise<void>;
}

type Stop = () => Promise<unknown>;

const spanQueueSize = 8_192;

/** Rejects with `TelemetryPackageMissingError` or `PrometheusListenError`; nothing is left running then. */
export async function startTelemetry(
  settings: TelemetrySettings,
  logger: LoggerService,
): Promise<StartedTelemetry> {
  const stops: Stop[] = [];
  const quiet = tellDiagnostics(logger);
  const stop = async () => {
    const results = await Promise.allSettled(stops.map(end => withDeadline(end(), stopTimeout)));
    quiet();
    for (const result of results) {
      if (result.status === 'rejected') {
        logger.warn('Some of the last metrics or spans could not be exported', result.reason as Error);
      }
    }
  };
  try {
    const resource = await createResource(settings);
    const metering = await startMetrics(settings, { resource, logger, stops });
    const tracer = await startTraces(settings, { resource, logger, stops });
    return { ...metering, ...(tracer && { tracer }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Setup {
  resource: Resource;
  logger: LoggerService;
  stops: Stop[];
}

async function createResource({ serviceName }: TelemetrySettings): Promise<Resource> {
  const { defaultResource, resourceFromAttributes } = await import('@opentelemetry/resources').catch(
    missing('@opentelemetry/resources', 'Telemetry'),
  );
  const name = serviceName ?? process.env.OTEL_SERVICE_NAME ?? 'greenroom';
  return defaultResource().merge(
    resourceFromAttributes({ 'service.name': name, 'service.instance.id': randomUUID() }),
  );
}

async function startMetrics(settings: TelemetrySettings, { resource, logger, stops }: Setup) {
  const { prometheus, metrics: otlp } = settings;
  if (!prometheus && !otlp) return undefined;
  const sdk = await import('@opentelemetry/sdk-metrics').catch(
    missing('@opentelemetry/sdk-metrics', 'Exporting metrics'),
  );
  const readers: IMetricReader[] = [];
  if (prometheus) {
    const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus').catch(
      missing('@opentelemetry/exporter-prometheus', 'backend.telemetry.metrics.prometheus'),
    );
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const endpoint = await servePrometheus(exporter, prometheus);
    stops.push(() => endpoint.stop());
    readers.push(exporter);
    logger.info(`Prometheus finds the metrics at ${endpoint.url}`);
  }
  if (otlp) {
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto').catch(
      missing('@opentelemetry/exporter-metrics-otlp-proto', 'backend.telemetry.metrics.otlp'),
    );
    const { url, headers, interval } = otlp;
    const exporter = new OTLPMetricExporter({ ...(url && { url }), ...(headers && { headers }) });
    readers.push(
      new sdk.PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: interval,
        exportTimeoutMillis: Math.min(interval, 30_000),
      }),
    );
  }
  const provider = new sdk.MeterProvider({ resource, readers });
  stops.push(() => provider.shutdown());
  const isMeterShared = !metrics.setGlobalMeterProvider(provider);
  if (isMeterShared) warnOfOther(logger, 'metrics');
  else stops.push(async () => metrics.disable());
  return { meter: metrics.getMeter(instrumentationScope), isMeterShared };
}

async function startTraces({ traces }: TelemetrySettings, { resource, logger, stops }: Setup) {
  if (!traces) return undefined;
  const sdk = await import('@opentelemetry/sdk-trace-node').catch(
    missing('@opentelemetry/sdk-trace-node', 'Exporting traces'),
  );
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto').catch(
    missing('@opentelemetry/exporter-trace-otlp-proto', 'backend.telemetry.traces.otlp'),
  );
  const { url, headers, sampleRatio } = traces;
  const exporter = new OTLPTraceExporter({ ...(url && { url }), ...(headers && { headers }) });
  const provider = new sdk.NodeTracerProvider({
    resource,
    ...(sampleRatio !== undefined && {
      sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sampleRatio) }),
    }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { maxQueueSize: spanQueueSize })],
  });
  stops.push(() => provider.shutdown());
  const tracer = trace.getTracer(instrumentationScope);
  if (tracer.startSpan('probe').isRecording()) {
    warnOfOther(logger, 'traces');
    return tracer;
  }
  provider.register();
  const stopCarrying = carryTraceContext();
  stops.push(async () => {
    stopCarrying();
    trace.disable();
    context.disable();
    propagation.disable();
  });
  return tracer;
}

function warnOfOther(logger: LoggerService, signal: string): void {
  logger.warn(
    `This process has an OpenTelemetry SDK for ${signal} already, so backend.telemetry.${signal} is not used`,
  );
}

/** Turns a failed import into an error that names the package. */
function missing(packageName: string, purpose: string): (cause: unknown) => never {
  return cause => {
    throw new TelemetryPackageMissingError({ packageName, purpose, cause });
  };
}
