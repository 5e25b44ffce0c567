// The subpath ./telemetry.
export type { Telemetry } from './Telemetry';
export { PrometheusListenError, TelemetryPackageMissingError } from './telemetryErrors';
export { telemetryServiceRef } from './telemetryServiceRef';
