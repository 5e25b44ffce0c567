// The errors of telemetry that is enabled but can't work.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** An OpenTelemetry package is not installed or can't be loaded. */
export class TelemetryPackageMissingError extends GreenroomError {
  constructor({ packageName, purpose, cause }: { packageName: string; purpose: string; cause: unknown }) {
    super({
      code: 'GR_TELEMETRY_PACKAGE_MISSING',
      message: `${purpose} needs the package '${packageName}', which can't be loaded`,
      hint: `Install it (npm install ${packageName}; releases 2.x and 0.2xx run on Node 20), or switch it off in backend.telemetry.`,
      cause,
    });
  }
}

/** The server for Prometheus can't listen on its port. */
export class PrometheusListenError extends GreenroomError {
  constructor({ host, port, cause }: { host?: string; port: number; cause: NodeJS.ErrnoException }) {
    super({
      code: 'GR_PROMETHEUS_LISTEN',
      message: `The metrics for Prometheus can't be served on port ${port}${host ? ` of ${host}` : ''}: ${cause.code ?? cause.message}`,
      hint: 'Set backend.telemetry.metrics.prometheus to a port and a host of this machine that are not in use.',
      cause,
    });
  }
}
