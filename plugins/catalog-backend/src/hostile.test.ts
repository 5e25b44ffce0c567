// Tests of what is hostile, enormous or odd: a clear error each, while the rest goes on.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { cp, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import { eventually } from '@greenroom/testing';
import { CatalogPlace, clients, component, entity, type StartedCatalog } from './testing/startTestCatalog';

const refusals = async ({ request }: StartedCatalog): Promise<IngestionRefusal[]> =>
  (await request('/.greenroom/ingestion')).body.refused;

describe.each(clients)('the catalog and what is hostile, on %s', client => {
  let place: CatalogPlace;
  beforeEach(async () => {
    place = await CatalogPlace.create(client);
  });
  afterEach(() => place.remove());

  it('refuses it from files, with the place, and serves the rest', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i}: &l${i} [${Array(9).fill(i ? `*l${i - 1}` : 'x')}]`,
    );
    await place.write({
      'bomb.yaml': `${levels.join('\n')}\n---\n${JSON.stringify(component('after-bomb'))}`,
      'nested.yaml': '['.repeat(100_000),
      'bomb-placeholder.yaml': component('p', {}, { description: { $yaml: './bomb-data.txt' } }),
      'bomb-data.txt': levels.join('\n'),
      'json-placeholder.yaml': component('j', { extra: { $json: './proto.txt' } }),
      'proto.txt': '{"__proto__": {"polluted": true}}',
      'huge-placeholder.yaml': component('h', { extra: { $text: './huge.txt' } }),
      'names.yaml': [
        'constructor',
        '__proto__',
        'hasOwnProperty',
        'a/b',
        'a:b',
        '../x',
        '💥',
        'x'.repeat(64),
        'a\u0000b',
        ' ',
      ].map(name => component(name)),
      'owners.yaml': [':', '/', 'group:', 'group:/x', ''].map((owner, i) =>
        component(`owner-${i}`, { owner }),
      ),
      'keys.yaml': component('keys', {}, { annotations: { constructor: 'x', toString: 'y' } }),
      'good.yaml': component('good'),
    });
    for (const [name, megabytes] of [
      ['huge.yaml', 100],
      ['huge.txt', 100],
    ] as const) {
      await writeFile(join(place.folder, name), 'a: b\n');
      await truncate(join(place.folder, name), megabytes * 1024 * 1024);
    }
    const started = await place.start({
      locations: [{ type: 'file', target: join(place.folder, '*.yaml') }],
    });
    const served = (await started.client.getEntities({ filter: { kind: 'Component' } }, started.options))
      .items;
    expect(served.map(({ metadata }) => metadata.name).sort()).toEqual([
      'after-bomb',
      'constructor',
      'good',
      'hasOwnProperty',
      'keys',
    ]);
    const found = await refusals(started);
    const of = (name: string) =>
      found.filter(({ file }) => file.endsWith(`/${name}`)).map(({ line, reason }) => `${line}: ${reason}`);
    expect(of('bomb.yaml')).toEqual([expect.stringMatching(/^1: .*alias/i)]);
    expect(of('nested.yaml')).toEqual([expect.stringMatching(/^1: nested deeper/)]);
    expect(of('bomb-placeholder.yaml')).toEqual([
      expect.stringMatching(/^1: the placeholder \$yaml .*alias/i),
    ]);
    expect(of('json-placeholder.yaml')).toEqual([
      expect.stringMatching(/^1: the placeholder \$json .*__proto__/),
    ]);
    expect(of('huge-placeholder.yaml')).toEqual([
      expect.stringMatching(/^1: the placeholder \$text .*100.0 MiB/),
    ]);
    expect(of('huge.yaml')).toEqual([expect.stringMatching(/^undefined: the file is too large: 100.0 MiB/)]);
    expect(
      of('names.yaml')
        .map(text => Number(text.split(':')[0]))
        .sort((a, b) => a - b),
    ).toEqual([3, 7, 9, 11, 13, 15, 17, 19]);
    expect(
      of('owners.yaml')
        .map(text => Number(text.split(':')[0]))
        .sort((a, b) => a - b),
    ).toEqual([1, 3, 5, 7, 9]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    // What has odd names is found like anything else, and what only looks like a field is none.
    expect(await started.client.getEntityByRef('component:constructor', started.options)).toBeDefined();
    const odd = await started.client.getEntities(
      { filter: { 'metadata.annotations.constructor': 'x' } },
      started.options,
    );
    expect(odd.items).toHaveLength(1);
    const { facets } = await started.client.getEntityFacets(
      { facets: ['__proto__', 'constructor'] },
      started.options,
    );
    expect(facets.constructor).toEqual([]);
    const fields = await started.client.getEntities(
      { filter: { 'metadata.name': 'keys' }, fields: ['__proto__', 'constructor.name'] },
      started.options,
    );
    expect(fields.items).toEqual([{}]);
  });

  describe('from URLs', () => {
    let server: Server;
    let url: string;
    let etag = '"1"';
    let requests = 0;
    let isDown = false;
    let body = '';

    beforeEach(async () => {
      server = createServer((request, response) => {
        requests += 1;
        if (request.url === '/huge.yaml') {
          response.writeHead(200);
          const chunk = Buffer.alloc(1024 * 1024, 'a');
          const send = (left: number): unknown =>
            left === 0 || response.destroyed ? response.end() : response.write(chunk, () => send(left - 1));
          send(100);
        } else if (isDown) {
          response.writeHead(500).end();
        } else if (request.url === '/gone.yaml') {
          response.writeHead(404).end();
        } else if (request.headers['if-none-match'] === etag) {
          response.writeHead(304).end();
        } else {
          response.writeHead(200, { etag }).end(body);
        }
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    });

    it('reads what is fine, again only if it changed, and refuses the rest', async () => {
      const documents = [
        component('web', { definition: { $text: './huge.yaml' } }),
        component('fine'),
        entity('Location', 'inner', {
          targets: ['./gone.yaml', '/etc/passwd', 'http://example.invalid/x.yaml'],
        }),
        entity('Location', 'files', { type: 'file', target: '/etc/passwd' }),
      ];
      body = documents.map(document => JSON.stringify(document)).join('\n---\n');
      const config = {
        processingInterval: { milliseconds: 500 },
        locations: ['all', 'huge'].map(name => ({ type: 'url', target: `${url}/${name}.yaml` })),
      };
      const started = await place.startReading(config, url);
      const get = (name: string) => started.client.getEntityByRef(`component:${name}`, started.options);
      await eventually(async () => expect((await refusals(started)).length).toBeGreaterThanOrEqual(6));
      await eventually(async () =>
        expect(await get('fine')).toMatchObject({
          metadata: { annotations: { 'backstage.io/managed-by-location': `url:${url}/all.yaml` } },
        }),
      );
      expect(await get('web')).toBeUndefined();
      const reasons = (await refusals(started)).map(
        ({ file, line, reason }) => `${file.replace(url, '')}:${line}: ${reason}`,
      );
      expect(reasons).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^\/all.yaml:1: the placeholder \$text .*too large/),
          expect.stringMatching(/^\/all.yaml:5: .*gone.yaml/),
          expect.stringMatching(/^\/all.yaml:5: .*example.invalid/),
          expect.stringMatching(/^\/all.yaml:7: a location from 'url' may not lead to files/),
          expect.stringMatching(/^\/huge.yaml:undefined: the file is too large/),
        ]),
      );
      // While the host is down, and when it is back as it was.
      const uid = (await get('fine'))?.metadata.uid;
      const down = (reason: string) => /all\.yaml.*500/.test(reason);
      isDown = true;
      await eventually(async () => expect((await refusals(started)).some(r => down(r.reason))).toBe(true));
      isDown = false;
      await eventually(async () => expect((await refusals(started)).some(r => down(r.reason))).toBe(false));
      expect((await get('fine'))?.metadata.uid).toBe(uid);
      body = JSON.stringify(component('fine', { type: 'changed' }));
      const before = requests;
      await eventually(async () => expect(requests).toBeGreaterThan(before + 2));
      expect((await get('fine'))?.spec?.type).toBe('service');
      etag = '"2"';
      await eventually(async () => expect((await get('fine'))?.spec?.type).toBe('changed'));
    }, 60_000);
  });

  it('keeps what it can not read at the moment, and only that', async () => {
    const broken = 'kind: [';
    // No glob, although it has the signs of one.
    const folder = 'theatre (1)';
    await place.write({
      [`${folder}/all.yaml`]: entity('Location', 'all', { targets: ['./a.yaml', './parts/*.yaml'] }),
      [`${folder}/a.yaml`]: [component('a1'), component('a2')],
      [`${folder}/parts/b.yaml`]: component('b'),
      [`${folder}/parts/c.yaml`]: component('c'),
    });
    const started = await place.start({
      locations: [{ type: 'file', target: join(place.folder, folder, 'all.yaml') }],
      processingInterval: { milliseconds: 300 },
    });
    const becomes = async (names: string[], lines: string[]) =>
      eventually(async () => {
        const { items } = await started.client.getEntities(
          { filter: { kind: 'component' }, order: { field: 'metadata.name', order: 'asc' } },
          started.options,
        );
        const found = (await refusals(started)).map(({ file, line }) => `${basename(file)}:${line}`);
        expect([items.map(({ metadata }) => metadata.name), found.sort()]).toEqual([names, lines]);
      });
    await becomes(['a1', 'a2', 'b', 'c'], []);
    const uid = async () =>
      (await started.client.getEntityByRef('component:a2', started.options))?.metadata.uid;
    const before = await uid();
    // Both documents may be the one that is broken; what another file no longer has is gone.
    await place.write({
      [`${folder}/a.yaml`]: [component('a1'), broken],
      [`${folder}/parts/b.yaml`]: component('d'),
    });
    await becomes(['a1', 'a2', 'c', 'd'], ['a.yaml:3']);
    await writeFile(join(place.folder, folder, 'parts/c.yaml'), Buffer.alloc(11 * 1024 * 1024, 'a'));
    await becomes(['a1', 'a2', 'c', 'd'], ['a.yaml:3', 'c.yaml:undefined']);
    await place.write({
      [`${folder}/a.yaml`]: [component('a1'), component('a2')],
      [`${folder}/parts/c.yaml`]: component('e'),
    });
    await becomes(['a1', 'a2', 'd', 'e'], []);
    expect(await uid()).toBe(before);
    await rm(join(place.folder, folder, 'a.yaml'));
    await becomes(['d', 'e'], ['all.yaml:1']);
  });

  it('answers odd questions with what there is, or says what is wrong with them', async () => {
    await place.write({ 'good.yaml': component('good') });
    const locations = [{ type: 'file', target: join(place.folder, '*.yaml') }];
    const started = await place.start({ locations });
    const post = (path: string, body: unknown) => started.request(path, { method: 'POST', body });
    // Only SQLite can look for NUL.
    const nul = client === 'SQLite' ? {} : { status: 400, message: expect.stringContaining('NUL') };
    const message = expect.any(String);
    const missing = { status: 404, message };
    for (const [odd, answer = {}] of [
      ['%00', nul],
      ['%F0%9F%92%A5'],
      ['..%2F..%2Fetc'],
      ['__proto__'],
      ["'%3B--"],
      ['x'.repeat(5_000)],
    ] as const) {
      const answers = async (path: string, expected: object) => {
        const { status, body } = await started.request(path);
        const outcome = { status, message: body.error?.message, found: body.totalItems ?? body.length };
        expect([path, outcome]).toMatchObject([path, { ...expected, ...answer }]);
      };
      await answers(`/entities/by-name/component/default/${odd}`, missing);
      await answers(`/entities/by-name/component/default/${odd}/ancestry`, missing);
      await answers(`/entities/by-uid/${odd}`, missing);
      await answers(`/locations/${odd}`, missing);
      await answers(`/entities?filter=metadata.name=${odd}`, {
        status: 200,
        ...('status' in answer ? {} : { found: 0 }),
      });
      await answers(`/entities?filter=${odd}`, { status: 200, ...('status' in answer ? {} : { found: 0 }) });
      await answers(`/entity-facets?facet=${odd}`, { status: 200 });
      await answers(`/entities/by-query?orderField=${odd},asc`, { status: 200 });
      await answers(`/entities/by-query?fullTextFilterTerm=${odd}`, {
        status: 200,
        ...('status' in answer ? {} : { found: 0 }),
      });
    }
    const refs = ['component:default/💥', 'component:default/..', '__proto__:x/y'];
    expect(await post('/entities/by-refs', { entityRefs: refs })).toMatchObject({
      status: 200,
      body: { items: [null, null, null] },
    });
    expect((await post('/refresh', { entityRef: 'component:default/a\0b' })).status).toBe(
      client === 'SQLite' ? 404 : 400,
    );
    expect(await started.client.getEntityByRef('component:good', started.options)).toBeDefined();
  });

  it('takes over nothing from requests that are hostile', async () => {
    const started = await place.start({});
    const post = (path: string, body: unknown) => started.request(path, { method: 'POST', body });
    const refusal = async (path: string, body: unknown) => {
      const answer = await post(path, body);
      return `${answer.status} ${answer.body?.error?.message ?? answer.body?.errors?.[0].message}`;
    };
    for (const [type, target, reason] of [
      ['url', 'file:///etc/passwd', /^400 .*file:/],
      ['url', 'http://127.0.0.1:1/../../etc/passwd', /^400 .*127\.0\.0\.1/],
      ['url', 'data:text/yaml,a', /^400 .*data:/],
      ['url', '\0', /^400 .*is not a URL/],
      ['file', '/etc/passwd', /^400 .*outside of what the catalog may read/],
      ['file', `${place.folder}/../../etc/passwd`, /^400 .*outside of what the catalog may read/],
    ] as const) {
      expect(await refusal('/locations?dryRun=true', { type, target })).toMatch(reason);
    }
    const entityOf = (given: object) => ({ entity: given, location: 'url:https://example.com/x.yaml' });
    const huge = component('x', { text: 'x'.repeat(20_000_000) });
    expect(await refusal('/validate-entity', entityOf(huge))).toMatch(/^413 .*too large/);
    const polluting = JSON.parse(
      JSON.stringify(component('x')).replace('"type"', '"__proto__": {"polluted": 1}, "type"'),
    );
    expect(await refusal('/validate-entity', entityOf(polluting))).toMatch(/^400 .*__proto__/);
    expect(await refusal('/validate-entity', entityOf(component('a\0b')))).toMatch(/^400 .*NUL/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect((await post('/validate-entity', entityOf(component('fine')))).status).toBe(200);
  });

  it('looks for no files by a pattern that would take for ever', async () => {
    await place.write({
      'a-rather-long-name-as-some-files-have-one-in-their-folder.yaml': component('fine'),
    });
    const started = await place.start({
      locations: [{ type: 'file', target: join(place.folder, '**/*-{long,short}-*.yaml') }],
    });
    expect(await started.client.getEntityByRef('component:fine', started.options)).toBeDefined();
    for (const pattern of ['*?*?*?*?*?*?*?*?*?*?*?z', '+(*)z', '(a*)+z', `${'**/a*/'.repeat(5)}z`]) {
      const { status, body } = await started.request('/locations?dryRun=true', {
        method: 'POST',
        body: { type: 'file', target: join(place.folder, pattern) },
      });
      expect([status, body.error.message]).toEqual([400, expect.stringMatching(/too many wildcards/)]);
    }
  });

  it('tells nothing of its files to who asks whether an entity is valid', async () => {
    await place.write({ 'api.yaml': component('fine'), 'app-config.local.yaml': 'password: hunter2' });
    const started = await place.start({
      locations: [{ type: 'file', target: join(place.folder, 'api.yaml') }],
    });
    for (const placeholder of ['$text', '$json', '$yaml']) {
      const labels = { secret: { [placeholder]: './app-config.local.yaml' } };
      const { status, body } = await started.request('/validate-entity', {
        method: 'POST',
        body: { entity: component('x', {}, { labels }), location: `file:${place.folder}/x.yaml` },
      });
      expect(status).toBe(400);
      expect(body.errors[0].message).toMatch(/files of this machine are not read/);
    }
  });

  it('takes in or refuses, with line and reason, every document of typical files', async () => {
    await cp(join(__dirname, 'testing/typicalFiles'), join(place.folder, 'set'), { recursive: true });
    const started = await place.start({
      locations: [{ type: 'file', target: join(place.folder, 'set/**/*.{yaml,yml}') }],
    });
    await eventually(async () => {
      const served = (await started.client.getEntities({}, started.options)).items;
      expect(
        served
          .map(({ kind, metadata: { name } }) => `${kind}:${name}`)
          .filter(ref => !ref.startsWith('Location:generated-'))
          .sort(),
      ).toEqual([
        'API:cart-api',
        'Component:cart',
        'Group:shop-team',
        'Location:monorepo',
        'Resource:cart-db',
        'System:shop',
        'User:jo',
      ]);
      const found = (await refusals(started)).map(({ subject, file, line, reason }) => [
        subject,
        file.replace(join(place.folder, 'set/'), ''),
        line,
        reason,
      ]);
      expect(found.sort()).toEqual([
        ['document', 'organisation.yml', 26, expect.stringMatching(/metadata\.name is not valid/)],
        ['document', 'services/cart.yaml', 40, 'spec.lifecycle is missing'],
        ['document', 'skeleton/catalog-info.yaml', 4, expect.stringContaining("a template's skeleton")],
        ['document', 'values.yaml', 2, 'not an entity: apiVersion and kind are missing'],
        ['location', 'monorepo.yaml', 10, expect.stringMatching(/^there is no file '.*not-there\.yaml'$/)],
      ]);
    });
  });
});
