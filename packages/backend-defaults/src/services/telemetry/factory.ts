// Creates the default factory of telemetryServiceRef.
import {
  coreServices,
  createServiceFactory,
  type ServiceFactory,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';
import { followSecrets } from '../rootLogger/followSecrets';
import { startupResultsServiceRef } from '../startupReporter/StartupResults';
import { readTelemetrySettings } from './config';
import { isSdkRegistered, telemetryOfProcess, type Telemetry } from './Telemetry';

/** Sets up the OpenTelemetry SDK if `backend.telemetry` enables it; otherwise uses the SDK of the process, if there is one. */
export function createTelemetryFactory(
  service: ServiceRef<Telemetry, 'root'>,
): ServiceFactory<Telemetry, 'root'> {
  return createServiceFactory({
    service,
    deps: {
      config: coreServices.rootConfig,
      logger: coreServices.rootLogger,
      lifecycle: coreServices.rootLifecycle,
      results: startupResultsServiceRef,
    },
    async factory({ config, logger, lifecycle, results }) {
      const settings = readTelemetrySettings(config);
      // Hooks that export are added before those of services that use telemetry, so that they run last.
      if (isSdkRegistered()) {
        const { flushSdkOfProcess } = await import('./flushSdkOfProcess');
        lifecycle.addShutdownHook(flushSdkOfProcess);
      }
      let telemetry: Telemetry;
      if (settings) {
        const { startTelemetry } = await import('./startTelemetry');
        const started = await startTelemetry(settings, logger);
        lifecycle.addShutdownHook(() => started.stop());
        telemetry = started;
      } else {
        telemetry = await telemetryOfProcess();
      }
      if (!telemetry.meter && !telemetry.tracer) return telemetry;
      const { recordStartup } = await import('./recordStartup');
      results.listen(result => recordStartup(telemetry, result));
      const { SecretRedactor } = await import('../rootLogger/SecretRedactor');
      const { readRedactAllowlist } = await import('../rootLogger/config');
      const redactor = new SecretRedactor(readRedactAllowlist(config));
      followSecrets(config, secrets => redactor.add(secrets));
      return { ...telemetry, redact: redactor.redact };
    },
  });
}
