// The catalog as a user meets it: a backend with the default services, files on disk, requests over HTTP.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entity } from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import { createBackend } from '@greenroom/backend-defaults';
import { rootConfigServiceFactory } from '@greenroom/backend-defaults/rootConfig';
import {
  type BackendFeature,
  coreServices,
  createBackendModule,
  createServiceFactory,
  type LoggerService,
} from '@greenroom/backend-plugin-api';
import {
  catalogEntityKindsExtensionPoint,
  catalogIngestionExtensionPoint,
  catalogProcessingExtensionPoint,
  type IngestionRefusal,
  type ProcessingErrorEvent,
} from '@greenroom/plugin-catalog-node';
import catalogPlugin from './index';

const document = (kind: string, name: string, spec: object, extra: object = {}) =>
  JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, ...extra },
    spec,
  });

const component = (name: string, extra: object = {}) =>
  document('Component', name, { type: 'service', lifecycle: 'production', owner: 'team' }, extra);

const token = 'a-token-for-the-tests-of-the-catalog';
const authorization = `Bearer ${token}`;

describe('catalogPlugin', () => {
  let folder: string;
  const stops: Array<() => Promise<unknown>> = [];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'catalog-plugin-')));
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()));
    await rm(folder, { recursive: true });
  });

  async function start(locations: unknown, ...features: BackendFeature[]) {
    const config = {
      backend: {
        listen: { host: '127.0.0.1', port: 0 },
        database: { client: 'better-sqlite3', connection: { directory: join(folder, 'database') } },
        auth: { externalAccess: [{ type: 'static', options: { token, subject: 'tests' } }] },
      },
      catalog: { locations },
    };
    await writeFile(join(folder, 'app-config.yaml'), JSON.stringify(config));
    const lines: string[] = [];
    const backend = createBackend({
      services: [
        rootConfigServiceFactory({ argv: ['--config', join(folder, 'app-config.yaml')], watch: false }),
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => collectingLogger(lines),
        }),
      ],
    });
    backend.add(catalogPlugin);
    for (const feature of features) backend.add(feature);
    stops.push(() => backend.stop());
    await backend.start();
    const address = /http:\/\/\S+/.exec(lines.find(line => line.includes('Listening')) ?? '')?.[0];
    const base = `${address}/api/catalog`;
    return {
      lines,
      base,
      stop: () => backend.stop(),
      async get(path: string) {
        const response = await fetch(`${base}${path}`, { headers: { authorization } });
        return { status: response.status, headers: response.headers, body: (await response.json()) as any };
      },
      async post(path: string, body: unknown) {
        const headers = { 'Content-Type': 'application/json', authorization };
        const response = await fetch(`${base}${path}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
        return { status: response.status, body: (await response.json()) as any };
      },
    };
  }

  const names = (entities: Entity[]) => entities.map(({ metadata }) => metadata.name);

  it('serves nothing to a caller without credentials', async () => {
    const { base } = await start([]);
    expect((await fetch(`${base}/entities`)).status).toBe(401);
    expect((await fetch(`${base}/entities`, { headers: { authorization: 'Bearer other' } })).status).toBe(
      401,
    );
  });

  it('serves what it reads', async () => {
    const locations = document('Location', 'all', { targets: ['./a.json'] });
    await writeFile(join(folder, 'all.yaml'), locations);
    await writeFile(join(folder, 'a.json'), component('Alpha', { tags: ['java'] }));
    await writeFile(
      join(folder, 'b.yaml'),
      `${component('beta')}\n---\n${document('System', 's', { owner: 'o' })}`,
    );
    const { get, post, lines } = await start([{ type: 'file', target: join(folder, '{all,b}.yaml') }]);

    const all = await get('/entities');
    expect(all.status).toBe(200);
    expect(all.headers.get('content-type')).toMatch('application/json');
    expect(names(all.body)).toEqual(['Alpha', 'beta', 'all', 's']);
    expect(lines).toContain('info Read 4 entities from 3 files');

    expect(
      names((await get('/entities?filter=kind=component,metadata.tags=JAVA&filter=kind=system')).body),
    ).toEqual(['Alpha', 's']);
    expect((await get('/entities?filter=kind=system&fields=kind,metadata.name')).body).toEqual([
      { kind: 'System', metadata: { name: 's' } },
    ]);
    expect(names((await get('/entities?order=desc:metadata.name')).body)).toEqual([
      's',
      'beta',
      'Alpha',
      'all',
    ]);

    const alpha = await get('/entities/by-name/component/default/alpha');
    expect(alpha).toMatchObject({ status: 200, body: { kind: 'Component', metadata: { name: 'Alpha' } } });
    expect((await get('/entities/by-name/COMPONENT/DEFAULT/ALPHA')).body).toEqual(alpha.body);
    expect((await get(`/entities/by-uid/${alpha.body.metadata.uid}`)).body).toEqual(alpha.body);

    const byRefs = {
      entityRefs: ['system:s', 'component:default/none', 'Component:default/ALPHA'],
      fields: ['kind'],
    };
    expect(await post('/entities/by-refs', byRefs)).toEqual({
      status: 200,
      body: { items: [{ kind: 'System' }, null, { kind: 'Component' }] },
    });
    expect((await post('/entities/by-refs?filter=kind=system', byRefs)).body.items).toEqual([
      { kind: 'System' },
      null,
      null,
    ]);
  });

  it('pages through a list by the links it gives', async () => {
    await writeFile(join(folder, 'a.yaml'), ['a', 'b', 'c'].map(name => component(name)).join('\n---\n'));
    const { get } = await start([{ type: 'file', target: join(folder, 'a.yaml') }]);
    const first = await get('/entities?limit=2&filter=kind=component');
    expect(names(first.body)).toEqual(['a', 'b']);
    const next = /^<\/api\/catalog(\/entities\?.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await get(next ?? '');
    expect(names(second.body)).toEqual(['c']);
    expect(second.headers.get('link')).toBeNull();
  });

  it('answers requests that can not be met with the matching errors', async () => {
    const { get, post } = await start([]);
    const missing = await get('/entities/by-name/component/default/none');
    expect(missing.status).toBe(404);
    expect(missing.body.error).toMatchObject({
      name: 'NotFoundError',
      message: "The catalog has no entity 'component:default/none'",
    });
    expect((await get('/entities/by-uid/none')).status).toBe(404);
    for (const query of ['limit=x', 'after=x', 'filter==x', 'order=metadata.name', 'fields=.a']) {
      const { status, body } = await get(`/entities?${query}`);
      expect({ query, status, name: body.error.name }).toEqual({ query, status: 400, name: 'InputError' });
    }
    for (const body of [{}, { entityRefs: 'a' }, { entityRefs: ['::'] }, { entityRefs: [], fields: [1] }]) {
      expect((await post('/entities/by-refs', body)).status).toBe(400);
    }
  });

  it('starts with whatever is broken, and reports it', async () => {
    await writeFile(join(folder, 'bad.yaml'), `${component('a b')}\n---\n${component('good')}\n---\na: [`);
    const { get, lines } = await start([
      { type: 'file', target: join(folder, 'bad.yaml') },
      { type: 'file', target: join(folder, 'none.yaml') },
      { type: 'url', target: 'https://example.com/a.yaml' },
      { type: 'file' },
      'nonsense',
    ]);
    expect(names((await get('/entities')).body)).toEqual(['good']);
    const { body } = await get('/.greenroom/ingestion');
    expect(body).toMatchObject({ filesRead: 1, documentsSeen: 3, entitiesServed: 1 });
    expect(
      body.refused.map((refusal: IngestionRefusal) => [refusal.subject, refusal.file, refusal.line]),
    ).toEqual([
      ['location', 'catalog.locations[3]', undefined],
      ['location', 'catalog.locations[4]', undefined],
      ['location', 'catalog.locations[1]', undefined],
      ['location', 'catalog.locations[2]', undefined],
      ['document', join(folder, 'bad.yaml'), 1],
      ['document', join(folder, 'bad.yaml'), 5],
    ]);
    expect(lines).toContain('warn Read 1 entity from 1 file; refused 2 documents, 4 locations:');
    expect(lines.filter(line => line.startsWith(`warn ${folder}/bad.yaml:1: `))).toHaveLength(1);
  });

  it('keeps uids over a restart and forgets what is gone', async () => {
    await writeFile(join(folder, 'a.yaml'), component('a'));
    await writeFile(join(folder, 'b.yaml'), component('b'));
    const locations = [{ type: 'file', target: join(folder, '?.yaml') }];
    const first = await start(locations);
    const before = (await first.get('/entities')).body;
    await first.stop();
    await rm(join(folder, 'b.yaml'));
    const second = await start(locations);
    expect((await second.get('/entities')).body).toEqual([before[0]]);
  });

  it('lets modules add kinds and hear of refusals', async () => {
    const robot = (name: string) =>
      document('Robot', name, {}).replace('backstage.io/v1alpha1', 'acme.com/v1');
    await writeFile(join(folder, 'a.yaml'), `${robot('r2')}\n---\n${robot('hal')}\n---\n[]`);
    const refusals: IngestionRefusal[] = [];
    const events: ProcessingErrorEvent[] = [];
    const module = createBackendModule({
      pluginId: 'catalog',
      moduleId: 'robots',
      register(reg) {
        reg.registerInit({
          deps: {
            kinds: catalogEntityKindsExtensionPoint,
            ingestion: catalogIngestionExtensionPoint,
            processing: catalogProcessingExtensionPoint,
          },
          async init({ kinds, ingestion, processing }) {
            const check = async ({ metadata }: Entity) => {
              if (metadata.name === 'hal') throw new Error('/metadata/name must be trustworthy');
              return true;
            };
            kinds.addEntityKind({ kind: 'Robot', apiVersions: ['acme.com/v1'], validator: { check } });
            ingestion.addRefusalListener(() => {
              throw new Error('a broken listener');
            });
            ingestion.addRefusalListener(refusal => void refusals.push(refusal));
            processing.setOnProcessingErrorHandler(event => void events.push(event));
          },
        });
      },
    });
    const { get, lines } = await start([{ type: 'file', target: join(folder, 'a.yaml') }], module);
    expect(names((await get('/entities')).body)).toEqual(['r2']);
    const reason = 'metadata.name must be trustworthy';
    expect(refusals).toEqual([
      { subject: 'document', file: join(folder, 'a.yaml'), line: 3, entityRef: 'robot:default/hal', reason },
      expect.objectContaining({ line: 5, reason: expect.stringContaining('the document is a list') }),
    ]);
    expect(events).toEqual([
      {
        unprocessedEntity: expect.objectContaining({ kind: 'Robot' }),
        errors: [expect.objectContaining({ message: expect.stringContaining(reason) })],
      },
    ]);
    expect(lines).toContain('warn Read 1 entity from 1 file; refused 2 documents');
    expect(lines.filter(line => line.includes('observes what the catalog refuses failed'))).toHaveLength(2);
  });
});

function collectingLogger(lines: string[]) {
  const add = (level: string) => (message: string, _meta?: Error | JsonObject) =>
    void lines.push(`${level} ${message}`);
  const logger: LoggerService = {
    error: add('error'),
    warn: add('warn'),
    info: add('info'),
    debug: add('debug'),
    child: () => logger,
  };
  return logger;
}
