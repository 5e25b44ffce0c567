// The catalog as its clients meet it: the published client, unchanged, against a backend with real files and databases.
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { eventually } from '@greenroom/testing';
import { join } from 'node:path';
import { CatalogPlace, clients, component, entity, type StartedCatalog } from './testing/startTestCatalog';

describe.each(clients)('the catalog on %s, through the published client', client => {
  let place: CatalogPlace;
  let started: StartedCatalog;
  const team = entity('Group', 'team', { type: 'team', children: [] }, { title: 'The Team' });
  const files = {
    'all.yaml': entity('Location', 'all', { targets: ['./parts/*.yaml'] }),
    'parts/a.yaml': [
      component(
        'alpha',
        { system: 'core', providesApis: ['web'] },
        { tags: ['java', 'web'], labels: { tier: '1' } },
      ),
      component('beta', { dependsOn: ['component:alpha'], type: 'Website' }, { description: 'the second' }),
      component('gamma', { type: 'library' }),
    ],
    'parts/b.yaml': [
      team,
      entity('System', 'core', { owner: 'team' }),
      entity('API', 'web', {
        type: 'openapi',
        lifecycle: 'production',
        owner: 'team',
        definition: { $text: './web.txt' },
      }),
      entity('User', 'ada', { memberOf: ['team'] }),
    ],
    'parts/web.txt': 'openapi: 3',
  };

  beforeAll(async () => {
    place = await CatalogPlace.create(client);
    await place.write(files);
    started = await place.start({ locations: [{ type: 'file', target: join(place.folder, 'all.yaml') }] });
  }, 60_000);
  afterAll(() => place.remove());

  const names = (items: Array<{ metadata: { name: string } } | undefined>) =>
    items.map(item => item?.metadata.name);

  it('lists', async () => {
    const { client: catalog, options } = started;
    const all = await catalog.getEntities(undefined, options);
    expect(all.items).toHaveLength(9);
    const filter: Array<Record<string, string | symbol | string[]>> = [
      { kind: ['component'], 'metadata.tags': 'JAVA' },
      { kind: 'system', 'spec.owner': CATALOG_FILTER_EXISTS },
    ];
    const some = await catalog.getEntities({ filter, fields: ['kind', 'metadata.name'] }, options);
    expect(some.items).toEqual([
      { kind: 'Component', metadata: { name: 'alpha' } },
      { kind: 'System', metadata: { name: 'core' } },
    ]);
    const order = [
      { field: 'kind', order: 'desc' as const },
      { field: 'metadata.name', order: 'desc' as const },
    ];
    const ordered = await catalog.getEntities(
      { order, offset: 1, limit: 2, filter: { kind: ['user', 'component'] } },
      options,
    );
    expect(names(ordered.items)).toEqual(['gamma', 'beta']);
  });

  it('gives entities with relations both ways, placeholders filled in, and where they are from', async () => {
    const { client: catalog, options } = started;
    const alpha = await catalog.getEntityByRef('component:default/ALPHA', options);
    expect(alpha?.relations).toEqual([
      { type: 'dependencyOf', targetRef: 'component:default/beta' },
      { type: 'ownedBy', targetRef: 'group:default/team' },
      { type: 'partOf', targetRef: 'system:default/core' },
      { type: 'providesApi', targetRef: 'api:default/web' },
    ]);
    expect(alpha?.metadata).toMatchObject({
      namespace: 'default',
      uid: expect.stringMatching(/^[\da-f-]{36}$/),
      etag: expect.stringMatching(/^[\da-f]{40}$/),
      annotations: {
        'backstage.io/managed-by-location': `file:${place.folder}/parts/a.yaml`,
        'backstage.io/managed-by-origin-location': `file:${place.folder}/all.yaml`,
      },
    });
    const group = await catalog.getEntityByRef(
      { kind: 'group', namespace: 'default', name: 'team' },
      options,
    );
    expect(group?.relations).toEqual([
      { type: 'hasMember', targetRef: 'user:default/ada' },
      ...[
        'api:default/web',
        'component:default/alpha',
        'component:default/beta',
        'component:default/gamma',
      ].map(targetRef => ({ type: 'ownerOf', targetRef })),
      { type: 'ownerOf', targetRef: 'system:default/core' },
    ]);
    const api = await catalog.getEntityByRef('api:web', options);
    expect(api?.spec?.definition).toBe('openapi: 3');
    expect(await catalog.getEntityByRef('api:none', options)).toBeUndefined();
  });

  it('gives entities by references', async () => {
    const { client: catalog, options, request } = started;
    const core = await catalog.getEntityByRef('system:core', options);
    expect(await request(`/entities/by-uid/${core?.metadata.uid}`)).toEqual({ status: 200, body: core });
    const entityRefs = ['system:core', 'component:default/none', 'Component:default/ALPHA'];
    const all = await catalog.getEntitiesByRefs({ entityRefs, fields: ['metadata.name'] }, options);
    expect(names(all.items)).toEqual(['core', undefined, 'alpha']);
    const filtered = await catalog.getEntitiesByRefs({ entityRefs, filter: { kind: 'system' } }, options);
    expect(names(filtered.items)).toEqual(['core', undefined, undefined]);
    const queried = await catalog.getEntitiesByRefs(
      { entityRefs, query: { $not: { kind: 'system' } } },
      options,
    );
    expect(names(queried.items)).toEqual([undefined, undefined, 'alpha']);
  });

  it.each([
    ['without order', {}],
    ['by a field that all have', { orderFields: { field: 'metadata.name', order: 'desc' as const } }],
    ['by a field that some have', { orderFields: { field: 'metadata.title', order: 'asc' as const } }],
    [
      'by several fields',
      {
        orderFields: [
          { field: 'metadata.description', order: 'desc' as const },
          { field: 'kind', order: 'asc' as const },
          { field: 'metadata.name', order: 'desc' as const },
        ],
      },
    ],
    ['with a predicate', { query: { $not: { kind: 'group' } } }],
  ])('pages forwards and backwards %s', async (_, query) => {
    const { client: catalog, options } = started;
    const whole = await catalog.queryEntities({ ...query, limit: 100 }, options);
    expect(whole.pageInfo).toEqual({});
    expect(whole.totalItems).toBe(whole.items.length);
    const pages: string[][] = [];
    let page = await catalog.queryEntities({ ...query, limit: 2 }, options);
    for (;;) {
      pages.push(names(page.items) as string[]);
      expect(page.totalItems).toBe(whole.totalItems);
      if (!page.pageInfo.nextCursor) break;
      page = await catalog.queryEntities({ cursor: page.pageInfo.nextCursor, limit: 2 }, options);
    }
    expect(pages.flat()).toEqual(names(whole.items));
    const back: string[][] = [names(page.items) as string[]];
    while (page.pageInfo.prevCursor) {
      page = await catalog.queryEntities({ cursor: page.pageInfo.prevCursor, limit: 2 }, options);
      back.unshift(names(page.items) as string[]);
    }
    expect(back).toEqual(pages);
  });

  it('finds by text and by predicates', async () => {
    const { client: catalog, options } = started;
    const find = async (request: object) =>
      names((await catalog.queryEntities(request, options)).items).sort();
    expect(await find({ fullTextFilter: { term: 'ALPH' } })).toEqual(['alpha']);
    expect(await find({ fullTextFilter: { term: 'the team' } })).toEqual(['team']);
    expect(await find({ fullTextFilter: { term: '%' } })).toEqual([]);
    expect(await find({ fullTextFilter: { term: 'second', fields: ['metadata.description'] } })).toEqual([
      'beta',
    ]);
    expect(await find({ query: { 'spec.type': { $in: ['website', 'library'] } } })).toEqual([
      'beta',
      'gamma',
    ]);
    expect(await find({ query: { 'metadata.name': { $hasPrefix: 'ga' } } })).toEqual(['gamma']);
    expect(await find({ query: { 'metadata.tags': { $contains: 'web' } } })).toEqual(['alpha']);
    expect(await find({ query: { $any: [{ kind: 'user' }, { 'metadata.labels.tier': '1' }] } })).toEqual([
      'ada',
      'alpha',
    ]);
    expect(await find({ query: { 'metadata.description': { $exists: false }, kind: 'component' } })).toEqual([
      'alpha',
      'gamma',
    ]);
    const relation = { relations: { $contains: { type: 'partOf', targetRef: 'system:default/core' } } };
    expect(await find({ query: relation })).toEqual(['alpha']);
    const ordered = (term: string, field: string, ...fields: string[]) =>
      find({ fullTextFilter: { term, fields }, orderFields: { field, order: 'asc' } });
    expect(await ordered('ALPH', 'metadata.name')).toEqual(['alpha']);
    expect(await ordered('the team', 'metadata.name')).toEqual([]);
    expect(await ordered('the team', 'metadata.name', 'metadata.name', 'metadata.title')).toEqual(['team']);
    // Neither the value by which it comes in the order, nor the field.
    expect(await ordered('web', 'metadata.tags')).toEqual(['alpha']);
    expect(await ordered('second', 'metadata.title', 'metadata.description')).toEqual(['beta']);
    // With more to look up, statements are put together in another way.
    const many = Array.from({ length: 10 }, (_, at) => `none-${at}`);
    const long = { 'spec.type': { $in: [...many, 'website', 'library'] } };
    expect(await find({ query: long })).toEqual(['beta', 'gamma']);
    expect(await find({ query: { $all: [long, { $not: { 'metadata.name': 'gamma' } }] } })).toEqual(['beta']);
    expect(await find({ query: { $all: [{ kind: 'component' }, { $not: long }] } })).toEqual(['alpha']);
    expect(await find({ query: { $all: [long, { 'metadata.name': { $hasPrefix: 'ga' } }] } })).toEqual([
      'gamma',
    ]);
    expect(await find({ query: { $all: [long, { 'metadata.description': { $exists: true } }] } })).toEqual([
      'beta',
    ]);
    expect(
      await find({
        filter: { 'metadata.name': [...many, 'alpha', 'beta'] },
        fullTextFilter: { term: 'ALPH' },
      }),
    ).toEqual(['alpha']);
    const excluded = await catalog.queryEntities(
      { filter: { kind: 'user' }, totalItems: 'exclude' },
      options,
    );
    expect(excluded.totalItems).toBe(0);
  });

  it('counts facets, streams, and tells ancestors', async () => {
    const { client: catalog, options } = started;
    const { facets } = await catalog.getEntityFacets(
      { facets: ['kind', 'spec.Type'], filter: { kind: 'component' } },
      options,
    );
    expect(facets).toEqual({
      kind: [{ value: 'Component', count: 3 }],
      'spec.Type': ['Website', 'library', 'service'].map(value => ({ value, count: 1 })),
    });
    const byQuery = await catalog.getEntityFacets(
      { facets: ['kind'], query: { 'metadata.name': 'team' } },
      options,
    );
    expect(byQuery.facets).toEqual({ kind: [{ value: 'Group', count: 1 }] });
    const streamed: unknown[] = [];
    for await (const page of catalog.streamEntities({ pageSize: 4 }, options)) streamed.push(...page);
    expect(streamed).toHaveLength(9);
    const ancestors = await catalog.getEntityAncestors({ entityRef: 'component:default/alpha' }, options);
    expect(ancestors.rootEntityRef).toBe('component:default/alpha');
    const [own, all, root] = ancestors.items;
    expect([own?.parentEntityRefs, all?.parentEntityRefs]).toEqual([
      ['location:default/all'],
      [`location:default/${root?.entity.metadata.name}`],
    ]);
    expect(root?.entity.metadata.name).toMatch(/^generated-/);
  });

  it('validates entities and analyzes locations', async () => {
    const { client: catalog, options } = started;
    const location = 'url:https://example.com/a.yaml';
    expect(await catalog.validateEntity(component('x'), location, options)).toEqual({ valid: true });
    const invalid = await catalog.validateEntity(component('x', { owner: undefined }), location, options);
    expect(invalid).toMatchObject({ valid: false, errors: [{ message: 'spec.owner is missing' }] });
    const nowhere = await catalog.validateEntity(component('x'), 'nowhere', options);
    const message = expect.stringContaining("'nowhere' is not a location");
    expect(nowhere).toEqual({ valid: false, errors: [{ name: 'InputError', message }] });
    const analyzed = await catalog.analyzeLocation(
      { location: { type: 'url', target: 'https://github.com/acme/shop' } },
      options,
    );
    expect(analyzed.generateEntities[0]?.entity.metadata).toEqual({
      name: 'shop',
      annotations: { 'github.com/project-slug': 'acme/shop' },
    });
    const nameAt = async (target: string) =>
      (await catalog.analyzeLocation({ location: { type: 'url', target } }, options)).generateEntities[0]
        ?.entity.metadata;
    expect(await nameAt('https://elsewhere.example/acme/shop')).toEqual({ name: 'shop' });
    const long = 'x'.repeat(62);
    expect(await nameAt(`https://elsewhere.example/acme/-${long}-y`)).toEqual({ name: long });
  });

  it('registers, tries, changes and removes locations', async () => {
    const { client: catalog, options } = started;
    const target = join(place.folder, 'more.yaml');
    await place.write({ 'more.yaml': component('delta'), 'other.yaml': component('epsilon') });
    const tried = await catalog.addLocation({ type: 'file', target, dryRun: true }, options);
    expect(tried).toMatchObject({ exists: false, location: { type: 'file', target } });
    expect(names(tried.entities)).toContain('delta');
    expect(await catalog.getLocationByRef(`file:${target}`, options)).toBeUndefined();

    const { location } = await catalog.addLocation({ type: 'file', target }, options);
    await eventually(async () =>
      expect(await catalog.getEntityByRef('component:delta', options)).toBeDefined(),
    );
    expect(await catalog.getLocationById(location.id, options)).toEqual(location);
    expect(await catalog.getLocationByRef(`file:${target}`, options)).toEqual(location);
    expect(await catalog.getLocationByEntity('component:default/delta', options)).toEqual(location);
    expect((await catalog.getLocations({}, options)).items).toEqual([location]);
    await expect(catalog.addLocation({ type: 'file', target }, options)).rejects.toThrow('409');
    const again = await catalog.addLocation({ type: 'file', target, onConflict: 'refresh' }, options);
    expect(again.location).toEqual(location);
    expect(
      await catalog.queryLocations(
        { query: { type: 'FILE', target: { $hasPrefix: place.folder } } },
        options,
      ),
    ).toEqual({
      items: [location],
      totalItems: 1,
      pageInfo: {},
    });
    const pages: unknown[] = [];
    for await (const page of catalog.streamLocations({ query: { $not: { type: 'url' } } }, options))
      pages.push(...page);
    expect(pages).toEqual([location]);

    const other = join(place.folder, 'other.yaml');
    const updated = await catalog.updateLocation(location.id, { type: 'file', target: other }, options);
    expect(updated).toMatchObject({ id: location.id, target: other });
    await eventually(async () => {
      expect(await catalog.getEntityByRef('component:epsilon', options)).toBeDefined();
      expect(await catalog.getEntityByRef('component:delta', options)).toBeUndefined();
    });
    await catalog.removeLocationById(location.id, options);
    await eventually(async () =>
      expect(await catalog.getEntityByRef('component:epsilon', options)).toBeUndefined(),
    );
    expect(await catalog.getLocationById(location.id, options)).toBeUndefined();
  });

  it('brings back a registered location whose entity was removed when it is registered or set again', async () => {
    const { client: catalog, options } = started;
    await place.write({ 'removed.yaml': component('theta') });
    const request = { type: 'file', target: join(place.folder, 'removed.yaml') };
    const { location } = (await started.request('/locations', { method: 'POST', body: request })).body;
    const theta = () => catalog.getEntityByRef('component:theta', options);
    const ways = [
      async () => (await catalog.addLocation({ ...request, onConflict: 'refresh' }, options)).location,
      () => catalog.updateLocation(location.id, request, options),
    ];
    for (const bringBack of ways) {
      await eventually(async () => expect(await theta()).toBeDefined());
      const { uid } = (await catalog.getEntityByRef(location.entityRef, options))!.metadata;
      await catalog.removeEntityByUid(uid!, options);
      await eventually(async () => expect(await theta()).toBeUndefined());
      await expect(catalog.addLocation(request, options)).rejects.toThrow('409');
      expect(await bringBack()).toEqual(location);
    }
    await eventually(async () => expect(await theta()).toBeDefined());
    await catalog.removeLocationById(location.id, options);
  });

  it('tries a location with all that it leads to, however many ways lead there', async () => {
    const { client: catalog, options } = started;
    const location = (name: string, ...targets: string[]) => entity('Location', name, { targets });
    await place.write({
      'ways.yaml': location('ways', './way-1.yaml', './way-2.yaml'),
      'way-1.yaml': location('way-1', './end.yaml', './ways.yaml'),
      'way-2.yaml': location('way-2', './end.yaml', './way-2.yaml'),
      'end.yaml': component('end'),
      'other-end.yaml': component('end'),
    });
    const tryOut = (name: string) =>
      catalog.addLocation({ type: 'file', target: join(place.folder, name), dryRun: true }, options);
    const found = names((await tryOut('ways.yaml')).entities);
    expect(found.filter(name => !name?.startsWith('generated-')).sort()).toEqual([
      'end',
      'way-1',
      'way-2',
      'ways',
    ]);
    // Whichever way is gone first.
    for (const [first, second] of [
      ['./way-1.yaml', './other-end.yaml'],
      ['./other-end.yaml', './way-1.yaml'],
    ]) {
      await place.write({ 'twice.yaml': location('twice', first!, second!) });
      const body = { type: 'file', target: join(place.folder, 'twice.yaml') };
      const refused = await started.request('/locations?dryRun=true', { method: 'POST', body });
      expect([refused.status, refused.body.error.message]).toEqual([
        400,
        expect.stringMatching(
          /'component:default\/end' is there twice, the first time from file:.*end\.yaml/,
        ),
      ]);
    }
  });

  it('refreshes on demand, and removes by uid what comes back with the next reading', async () => {
    const { client: catalog, options } = started;
    await place.write({ 'parts/a.yaml': [...files['parts/a.yaml'], component('zeta')] });
    await catalog.refreshEntity('component:default/alpha', options);
    await eventually(async () =>
      expect(await catalog.getEntityByRef('component:zeta', options)).toBeDefined(),
    );
    const alpha = await catalog.getEntityByRef('component:alpha', options);
    await place.write({ 'parts/a.yaml': files['parts/a.yaml'] });
    await catalog.refreshEntity('component:default/beta', options);
    await eventually(async () =>
      expect(await catalog.getEntityByRef('component:zeta', options)).toBeUndefined(),
    );

    await catalog.removeEntityByUid(alpha!.metadata.uid!, options);
    await eventually(async () =>
      expect(await catalog.getEntityByRef('component:alpha', options)).toBeUndefined(),
    );
    const beta = await eventually(async () => {
      const found = await catalog.getEntityByRef('component:beta', options);
      expect(found?.relations).toContainEqual({ type: 'dependsOn', targetRef: 'component:default/alpha' });
      return found;
    });
    expect(beta).toBeDefined();
    await catalog.refreshEntity('component:default/beta', options);
    await eventually(async () =>
      expect(await catalog.getEntityByRef('component:alpha', options)).toBeDefined(),
    );
  });

  it.each([
    '/entities?limit=x',
    '/entities?after=x',
    '/entities?filter==x',
    '/entities?order=metadata.name',
    '/entities?fields=.a',
    '/entities/by-query?cursor=x',
    '/entities/by-query?limit=-1',
    '/entities/by-query?orderField=a,up',
    '/entities/by-query?totalItems=maybe',
    '/entities?limit=0',
    '/entity-facets',
    '/entity-facets?facet=',
  ])('refuses GET %s with a reason', async path => {
    const { status, body } = await started.request(path);
    expect({ status, name: body.error.name }).toEqual({ status: 400, name: 'InputError' });
  });

  it.each([
    ['/entities/by-refs', {}],
    ['/entities/by-refs', { entityRefs: [], fields: [1] }],
    ['/entities/by-query', { query: { $huh: 1 } }],
    ['/entities/by-query', { orderBy: [{ field: 1 }] }],
    ['/entity-facets', {}],
    ['/entity-facets', { facets: ['kind', ''] }],
    ['/refresh', {}],
    ['/validate-entity', {}],
    ['/analyze-location', {}],
    ['/locations', {}],
    ['/locations', { type: 'ldap', target: 'x' }],
    ['/locations', { type: 'url', target: 'nowhere' }],
    ['/locations/by-query', { cursor: 'x' }],
    ['/locations/by-query', { query: { kind: 'x' } }],
  ])('refuses POST %s %j with a reason', async (path, body) => {
    const answer = await started.request(path, { method: 'POST', body });
    expect({ status: answer.status, name: answer.body.error.name }).toEqual({
      status: 400,
      name: 'InputError',
    });
  });

  it('says that a body is not JSON', async () => {
    const response = await fetch(`${started.base}/entities/by-refs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${started.options.token}`, 'content-type': 'application/json' },
      body: '{"entityRefs":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { name: 'InputError', message: expect.stringContaining('The body is not JSON') },
    });
  });

  it('gives what is there of references of which some are none', async () => {
    const { client: catalog, options } = started;
    const entityRefs = ['', '::', 'nameonly', 'component:default/alpha'];
    const { items } = await catalog.getEntitiesByRefs({ entityRefs, fields: ['kind'] }, options);
    expect(items.map(item => item?.kind)).toEqual([undefined, undefined, undefined, 'Component']);
  });

  it('knows nothing of what is not there', async () => {
    for (const path of [
      '/entities/by-uid/none',
      '/locations/none',
      '/entities/by-name/a/b/c',
      '/entities/by-name/a/b/c/ancestry',
    ]) {
      expect((await started.request(path)).status).toBe(404);
    }
    expect((await started.request('/refresh', { method: 'POST', body: { entityRef: 'a:b/c' } })).status).toBe(
      404,
    );
    expect((await fetch(`${started.base}/entities`)).status).toBe(401);
  });
});
