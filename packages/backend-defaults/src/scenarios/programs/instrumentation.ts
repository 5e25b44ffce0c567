// An SDK of the process with instrumentations, as somebody writes it who exports everything their own way; loaded before the backend.
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

// Neither exports by itself while a test runs.
const later = 3_600_000;
new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: later })],
}).register();
if (process.env.OTEL_METRICS_EXPORTER !== 'none') {
  const exporter = new OTLPMetricExporter();
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: later });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
}
// They begin when they are made, and measure with what is registered by then.
void [new HttpInstrumentation(), new ExpressInstrumentation()];
