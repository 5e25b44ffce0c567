// Tests of what is hostile, enormous or odd: a clear error each, while the rest goes on.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import { CatalogPlace, component, entity, eventually, type StartedCatalog } from './testing/startTestCatalog';

const corpus = join(__dirname, '../../../../shared/data/catalog-corpus');
const typical = join(__dirname, 'testing/typicalFiles');

const refusals = async ({ request }: StartedCatalog): Promise<IngestionRefusal[]> =>
  (await request('/.greenroom/ingestion')).body.refused;

describe('the catalog and what is hostile', () => {
  let place: CatalogPlace;
  beforeEach(async () => {
    place = await CatalogPlace.create();
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
      expect(await get('fine')).toMatchObject({
        metadata: { annotations: { 'backstage.io/managed-by-location': `url:${url}/all.yaml` } },
      });
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
      body = JSON.stringify(component('fine', { type: 'changed' }));
      const before = requests;
      await eventually(async () => expect(requests).toBeGreaterThan(before + 2));
      expect((await get('fine'))?.spec?.type).toBe('service');
      etag = '"2"';
      await eventually(async () => expect((await get('fine'))?.spec?.type).toBe('changed'));
    });
  });

  const sets: Array<[string, string]> = [
    ['typical files', typical],
    ['the corpus of public files', corpus],
  ];
  for (const [what, folder] of sets) {
    // The corpus is other people's work and not part of this repository.
    (existsSync(folder) ? it : it.skip)(
      `takes in or refuses, with line and reason, every document of ${what}`,
      async () => {
        await cp(folder, join(place.folder, 'set'), { recursive: true });
        const files = readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name))
          .map(entry => join(entry.parentPath, entry.name));
        const started = await place.start({
          locations: [{ type: 'file', target: join(place.folder, 'set/**/*.{yaml,yml}') }],
        });
        await eventually(async () => {
          const found = await refusals(started);
          for (const refusal of found.filter(({ subject }) => subject === 'document')) {
            expect(refusal).toMatchObject({
              file: expect.any(String),
              line: expect.any(Number),
              reason: expect.stringMatching(/\w/),
            });
          }
          const served = (await started.client.getEntities({}, started.options)).items;
          const judged = new Set([
            ...found.map(({ file }) => file),
            ...served.map(({ metadata }) =>
              metadata.annotations?.['backstage.io/managed-by-location']?.replace('file:', ''),
            ),
          ]);
          const silent = files
            .map(file => file.replace(folder, join(place.folder, 'set')))
            .filter(file => !judged.has(file) && /^\S/m.test(readFileSync(file, 'utf8')));
          expect(silent).toEqual([]);
        });
      },
    );
  }
});
