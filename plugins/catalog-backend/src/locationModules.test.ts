// Tests of modules that say which locations may be registered, and that look at them before they are.
import { type BackendFeature, type ExtensionPoint } from '@greenroom/backend-plugin-api';
import {
  catalogAnalysisExtensionPoint,
  catalogLocationsExtensionPoint,
  type ScmLocationAnalyzer,
} from '@greenroom/plugin-catalog-node';
import { createModule } from '@greenroom/testing';
import { CatalogPlace, clients, component } from './testing/startTestCatalog';

function extend<T>(point: ExtensionPoint<T>, use: (point: T) => void): BackendFeature {
  return createModule('catalog', 'test', { deps: { point }, init: async deps => use(deps.point) });
}

describe.each(clients)('modules for locations on %s', client => {
  let place: CatalogPlace;
  beforeEach(async () => {
    place = await CatalogPlace.create(client);
  });
  afterEach(() => place.remove());

  it('say which types may be registered', async () => {
    const urlsOnly = extend(catalogLocationsExtensionPoint, point => point.setAllowedLocationTypes(['url']));
    const started = await place.start({}, urlsOnly);
    await place.write({ 'a.yaml': component('a') });
    for (const path of ['/locations', '/locations?dryRun=true']) {
      const body = { type: 'file', target: `${place.folder}/a.yaml` };
      expect(await started.request(path, { method: 'POST', body })).toMatchObject({
        status: 400,
        body: {
          error: { message: "Locations of type 'file' can't be registered: allowed is url" },
        },
      });
    }
    const body = { type: 'url', target: 'https://example.com/a.yaml' };
    expect((await started.request('/locations', { method: 'POST', body })).status).toBe(201);
  });

  const analyzer: ScmLocationAnalyzer = {
    supports: url => url.startsWith('https://git.example/'),
    async analyze({ url, catalogFilename = 'catalog-info.yaml' }) {
      const existing = { isRegistered: false, entity: component('shop') };
      const target = `${url}/${catalogFilename}`;
      return { existing: url.endsWith('/empty') ? [] : [{ ...existing, location: { type: 'url', target } }] };
    },
  };
  const ask = (target: string, catalogFilename?: string) => ({
    location: { type: 'url', target },
    ...(catalogFilename && { catalogFilename }),
  });

  it('find what a repository says already, on their hosts', async () => {
    const { client: catalog, options } = await place.start(
      {},
      extend(catalogAnalysisExtensionPoint, point => point.addScmLocationAnalyzer(analyzer)),
    );
    const analyze = (...args: Parameters<typeof ask>) => catalog.analyzeLocation(ask(...args), options);
    expect(await analyze('https://git.example/shop', 'x.yaml')).toEqual({
      existingEntityFiles: [
        {
          isRegistered: false,
          entity: component('shop'),
          location: { type: 'url', target: 'https://git.example/shop/x.yaml' },
        },
      ],
      generateEntities: [],
    });
    for (const url of ['https://git.example/acme/empty', 'https://other.example/acme/empty']) {
      const { existingEntityFiles, generateEntities } = await analyze(url);
      expect([existingEntityFiles, generateEntities[0]?.entity.metadata?.name]).toEqual([[], 'empty']);
    }
  });

  it('answer in the place of the catalog, with what others know of single hosts', async () => {
    const { client: catalog, options } = await place.start(
      {},
      extend(catalogAnalysisExtensionPoint, point => {
        point.addScmLocationAnalyzer(analyzer);
        point.setLocationAnalyzer(async ({ scmLocationAnalyzers }) => ({
          locationAnalyzer: {
            async analyzeLocation({ location }, { principal }) {
              const { existing } = await scmLocationAnalyzers[0]!.analyze({ url: location.target });
              const entityOfCaller = component((principal as { subject: string }).subject);
              return {
                existingEntityFiles: existing,
                generateEntities: [{ entity: entityOfCaller, fields: [] }],
              };
            },
          },
        }));
      }),
    );
    const answer = await catalog.analyzeLocation(ask('https://anywhere.example/shop'), options);
    expect(answer).toMatchObject({
      existingEntityFiles: [{ location: { target: 'https://anywhere.example/shop/catalog-info.yaml' } }],
      generateEntities: [{ entity: { metadata: { name: 'tests' } } }],
    });
  });
});
