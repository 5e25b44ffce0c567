// Starts a catalog like a user would: a backend with default services, files on disk, and the published client over HTTP.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CatalogClient } from '@backstage/catalog-client';
import { createBackend } from '@greenroom/backend-defaults';
import { rootConfigServiceFactory } from '@greenroom/backend-defaults/rootConfig';
import { type BackendFeature, coreServices, type LoggerService } from '@greenroom/backend-plugin-api';
import { dropDatabases, provide } from '@greenroom/testing';
import catalogPlugin from '../index';

/** Gives access to the catalog. */
export const token = 'a-token-for-the-tests-of-the-catalog';
const postgres = process.env.GREENROOM_TEST_POSTGRES;

/** The databases that tests run on. */
export const clients: Array<'SQLite' | 'PostgreSQL'> = postgres ? ['SQLite', 'PostgreSQL'] : ['SQLite'];

/** A running catalog, and ways to query it. */
export interface StartedCatalog {
  readonly base: string;
  readonly client: CatalogClient;
  /** The log lines, each with its level. */
  readonly lines: string[];
  /** The second argument of the client's methods. */
  readonly options: { token: string };
  request(
    path: string,
    init?: { method?: string; body?: unknown; token?: string },
  ): Promise<{ status: number; body: any }>;
  stop(): Promise<unknown>;
}

/** A folder and a database that outlive the backends started on them. */
export class CatalogPlace {
  readonly folder: string;
  readonly #database: object;
  readonly #cleanUps: Array<() => Promise<unknown>> = [];

  private constructor(folder: string, database: object) {
    this.folder = folder;
    this.#database = database;
  }

  static async create(client: 'SQLite' | 'PostgreSQL' = 'SQLite'): Promise<CatalogPlace> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'catalog-plugin-')));
    if (client === 'SQLite') {
      const connection = { directory: join(folder, '.database') };
      return new CatalogPlace(folder, { client: 'better-sqlite3', connection });
    }
    const prefix = `catalog_test_${randomUUID().slice(0, 8)}_`;
    const place = new CatalogPlace(folder, { client: 'pg', connection: postgres, prefix });
    // Other plugins of the same backend have databases as well.
    place.#cleanUps.push(() => dropDatabases(prefix));
    return place;
  }

  /** Writes files below the folder: objects as JSON, arrays as several documents. */
  async write(files: Record<string, string | object>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      await mkdir(dirname(path), { recursive: true });
      const documents = Array.isArray(content) ? content : [content];
      const text = documents.map(document =>
        typeof document === 'string' ? document : JSON.stringify(document),
      );
      await writeFile(path, text.join('\n---\n'));
    }
  }

  /** Allows the backend to read URLs below `url`. */
  startReading(catalog: object, url: string): Promise<StartedCatalog> {
    return this.startWith(catalog, { backend: { reading: { allow: [{ host: new URL(url).host }] } } });
  }

  start(catalog: object, ...features: BackendFeature[]): Promise<StartedCatalog> {
    return this.startWith(catalog, {}, features);
  }

  /** Returns the path of a file for `--config`, for processes that are started on this place. */
  async writeConfig(catalog: object, more: { backend?: object } = {}): Promise<string> {
    const file = join(this.folder, `.config-${randomUUID()}.yaml`);
    const config = {
      ...more,
      backend: {
        listen: { host: '127.0.0.1', port: 0 },
        ...more.backend,
        database: this.#database,
        auth: { externalAccess: [{ type: 'static', options: { token, subject: 'tests' } }] },
      },
      catalog,
    };
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  /** Starts with `more` in the configuration, in addition to the catalog. */
  async startWith(
    catalog: object,
    more: { backend?: object; integrations?: object },
    features: readonly BackendFeature[] = [],
  ): Promise<StartedCatalog> {
    const file = await this.writeConfig(catalog, more);
    const lines: string[] = [];
    const logger = collectingLogger(lines);
    const backend = createBackend({
      services: [
        rootConfigServiceFactory({ argv: ['--config', file], watch: false }),
        provide(coreServices.rootLogger, () => logger),
      ],
    });
    backend.add(catalogPlugin);
    for (const feature of features) backend.add(feature);
    this.#cleanUps.unshift(() => backend.stop());
    await backend.start();
    const address = /http:\/\/\S+/.exec(lines.find(line => line.includes('Listening')) ?? '')?.[0];
    const base = `${address}/api/catalog`;
    const client = new CatalogClient({ discoveryApi: { getBaseUrl: async () => base } });
    return { lines, base, client, options: { token }, stop: () => backend.stop(), request };

    async function request(path: string, init: { method?: string; body?: unknown; token?: string } = {}) {
      const response = await fetch(`${base}${path}`, {
        method: init.method ?? 'GET',
        headers: { authorization: `Bearer ${init.token ?? token}`, 'content-type': 'application/json' },
        ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text ? (JSON.parse(text) as any) : undefined,
      };
    }
  }

  /** Stops everything that was started, and removes all data. */
  async remove(): Promise<void> {
    for (const cleanUp of this.#cleanUps) await cleanUp();
    await rm(this.folder, { recursive: true });
  }
}

/** An entity of any kind. */
export function entity(kind: string, name: string, spec: object, metadata: object = {}) {
  return { apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, ...metadata }, spec };
}

/** The entity used by most tests. */
export function component(name: string, spec: object = {}, metadata: object = {}) {
  return entity(
    'Component',
    name,
    { type: 'service', lifecycle: 'production', owner: 'team', ...spec },
    metadata,
  );
}

function collectingLogger(lines: string[]): LoggerService {
  const log = (level: string) => (message: string, meta?: unknown) =>
    void lines.push(`${level} ${message}${meta instanceof Error ? ` ${meta.message}` : ''}`);
  const logger: LoggerService = {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: log('debug'),
    child: () => logger,
  };
  return logger;
}
