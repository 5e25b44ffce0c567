// Starts a whole backend for tests of this package: on a free port, with its log and its address kept in memory.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { startupReporterServiceRef } from '@greenroom/backend-app-api';
import {
  coreServices,
  createServiceFactory,
  type BackendFeature,
  type ServiceFactory,
} from '@greenroom/backend-plugin-api';
import { createBackend } from '../createBackend';
import { HttpServerAddress, httpServerAddressServiceRef } from '../services/discovery/HttpServerAddress';
import { MemoryLogger } from './MemoryLogger';

/** A backend that runs. */
export interface StartedBackend {
  /** Such as `http://127.0.0.1:34567`. */
  url: string;
  logger: MemoryLogger;
  stop(): Promise<unknown>;
}

/** Starts `features` with the defaults, `services` in the place of some of them, and `config` below a free port. */
export async function startBackend(options: {
  config?: JsonObject;
  services?: ServiceFactory[];
  features?: BackendFeature[];
}): Promise<StartedBackend> {
  const { config = {}, services = [], features = [] } = options;
  const logger = new MemoryLogger();
  const data = {
    ...config,
    backend: { listen: { host: '127.0.0.1', port: 0 }, ...(config.backend as JsonObject) },
  };
  const address = new HttpServerAddress();
  const backend = createBackend({
    services: [
      createServiceFactory({
        service: coreServices.rootConfig,
        deps: {},
        factory: () => new ConfigReader(data),
      }),
      createServiceFactory({ service: coreServices.rootLogger, deps: {}, factory: () => logger }),
      createServiceFactory({
        service: startupReporterServiceRef,
        deps: {},
        factory: () => ({
          progress() {},
          result() {},
          shutdown() {},
          addLine() {},
        }),
      }),
      createServiceFactory({ service: httpServerAddressServiceRef, deps: {}, factory: () => address }),
      ...services,
    ],
  });
  for (const feature of features) {
    backend.add(feature);
  }
  await backend.start();
  return { url: address.url!.replace('localhost', '127.0.0.1'), logger, stop: () => backend.stop() };
}
