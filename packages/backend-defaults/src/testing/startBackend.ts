// Composes and starts whole backends for tests of this package: on a free port, with its log and its address kept in memory.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { startupReporterServiceRef, type Backend } from '@greenroom/backend-app-api';
import { coreServices, type BackendFeature, type ServiceFactory } from '@greenroom/backend-plugin-api';
import { provide } from '@greenroom/testing';
import { createBackend } from '../createBackend';
import { HttpServerAddress, httpServerAddressServiceRef } from '../services/discovery/HttpServerAddress';
import { MemoryLogger } from './MemoryLogger';

interface TestedBackendOptions {
  config?: JsonObject;
  services?: ServiceFactory[];
  features?: BackendFeature[];
}

/** A backend that is composed and not started. */
export interface ComposedBackend {
  backend: Backend;
  logger: MemoryLogger;
  /** Resolves when the server listens. */
  listens: Promise<void>;
  /** Such as `http://127.0.0.1:34567`, once the server listens. */
  url(): string;
}

/** Composes `features` with the defaults, `services` in the place of some of them, and `config` below a free port. */
export function composeBackend(options: TestedBackendOptions = {}): ComposedBackend {
  const { config = {}, services = [], features = [] } = options;
  const logger = new MemoryLogger();
  const data = {
    ...config,
    backend: { listen: { host: '127.0.0.1', port: 0 }, ...(config.backend as JsonObject) },
  };
  let onListening = () => {};
  const listens = new Promise<void>(resolve => (onListening = resolve));
  const address = new (class extends HttpServerAddress {
    override report(url: string): void {
      super.report(url);
      onListening();
    }
  })();
  const backend = createBackend({
    services: [
      provide(coreServices.rootConfig, () => new ConfigReader(data)),
      provide(coreServices.rootLogger, () => logger),
      provide(startupReporterServiceRef, () => ({ progress() {}, result() {}, shutdown() {}, addLine() {} })),
      provide(httpServerAddressServiceRef, () => address),
      ...services,
    ],
  });
  for (const feature of features) backend.add(feature);
  return { backend, logger, listens, url: () => address.url!.replace('localhost', '127.0.0.1') };
}

/** A backend that runs. */
export interface StartedBackend {
  /** Such as `http://127.0.0.1:34567`. */
  url: string;
  logger: MemoryLogger;
  stop: Backend['stop'];
}

/** Starts what {@link composeBackend} composes. */
export async function startBackend(options: TestedBackendOptions): Promise<StartedBackend> {
  const { backend, logger, url } = composeBackend(options);
  await backend.start();
  return { url: url(), logger, stop: () => backend.stop() };
}
