// Starts a complete backend with the scaffolder for tests, on a free port and with its log in memory.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import type { Entity } from '@backstage/catalog-model';
import { createBackend } from '@greenroom/backend-defaults';
import { HttpServerAddress, httpServerAddressServiceRef } from '@greenroom/backend-defaults/discovery';
import {
  type BackendFeature,
  coreServices,
  type LoggerService,
  type ServiceFactory,
} from '@greenroom/backend-plugin-api';
import { provide } from '@greenroom/testing';
import scaffolderPlugin from '../index';
import { StandInCatalog } from './standInCatalog';
import { testActionsModule } from './testActionsModule';

/** A running backend. */
export interface ScaffolderBackend {
  /** For example `http://127.0.0.1:34567/api/scaffolder`. */
  url: string;
  lines: string[];
  catalog: StandInCatalog;
  stop(): Promise<unknown>;
}

/** The token that these backends accept. */
export const testToken = 'a-token-for-the-tests-of-the-scaffolder';

/**
 * Has the actions of {@link testActionsModule}, and either `entities` in a fake catalog or the catalog at
 * `catalogUrl`.
 */
export async function startScaffolderBackend(options: {
  entities?: readonly Entity[];
  catalogUrl?: string;
  database?: JsonObject;
  scaffolder?: JsonObject;
  config?: JsonObject;
  features?: BackendFeature[];
  services?: ServiceFactory[];
}): Promise<ScaffolderBackend> {
  const {
    entities = [],
    catalogUrl,
    database = {},
    scaffolder = {},
    config = {},
    features = [],
    services = [],
  } = options;
  const lines: string[] = [];
  const logger = collectingLogger(lines);
  const address = new HttpServerAddress();
  const catalog = new StandInCatalog(entities);
  const data: JsonObject = {
    ...config,
    ...(catalogUrl && { discovery: { endpoints: [{ target: catalogUrl, plugins: ['catalog'] }] } }),
    scaffolder,
    backend: {
      listen: { host: '127.0.0.1', port: 0 },
      database,
      auth: { externalAccess: [{ type: 'static', options: { token: testToken, subject: 'tests' } }] },
      ...(config.backend as JsonObject),
    },
  };
  const backend = createBackend({
    services: [
      provide(coreServices.rootConfig, () => new ConfigReader(data)),
      provide(coreServices.rootLogger, () => logger),
      provide(httpServerAddressServiceRef, () => address),
      ...(catalogUrl ? [] : [catalog.factory]),
      ...services,
    ],
  });
  for (const feature of [scaffolderPlugin, testActionsModule, ...features]) backend.add(feature);
  await backend.start();
  const base = address.url!.replace('localhost', '127.0.0.1');
  return { url: `${base}/api/scaffolder`, lines, catalog, stop: () => backend.stop() };
}

function collectingLogger(lines: string[]): LoggerService {
  const add = (level: string) => (message: string, meta?: Error | JsonObject) => {
    const more = meta instanceof Error ? meta.stack : JSON.stringify(meta);
    lines.push(`${level} ${message}${more ? ` ${more}` : ''}`);
  };
  const logger: LoggerService = {
    error: add('error'),
    warn: add('warn'),
    info: add('info'),
    debug: add('debug'),
    child: () => logger,
  };
  return logger;
}
