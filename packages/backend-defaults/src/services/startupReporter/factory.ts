// The service factory of the start-up reporter.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { startupReporterServiceRef } from '@greenroom/backend-app-api';
import { StartupReporter } from './StartupReporter';
import { startupResultsServiceRef } from './StartupResults';

/**
 * The default start-up reporter: progress, summary and the end of the backend through `coreServices.rootLogger`.
 *
 * @public
 */
export const startupReporterServiceFactory = createServiceFactory({
  service: startupReporterServiceRef,
  deps: { logger: coreServices.rootLogger, results: startupResultsServiceRef },
  factory: ({ logger, results }) => new StartupReporter(logger, { results }),
});
