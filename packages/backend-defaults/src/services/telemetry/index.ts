// The subpath ./telemetry.
export { telemetryServiceFactory } from './factory';
export type { Telemetry } from './Telemetry';
export { PrometheusListenError, TelemetryPackageMissingError } from './telemetryErrors';
export { telemetryServiceRef } from './telemetryServiceRef';
