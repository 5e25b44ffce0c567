// Tests of what a caller with conditions sees and may do, and of what is told about changes.
import { AuthorizeResult, type PolicyDecision } from '@backstage/plugin-permission-common';
import { coreServices, eventsServiceRef } from '@greenroom/backend-plugin-api';
import type { AuditorService, PermissionsService } from '@greenroom/backend-plugin-api';
import { eventually, provide } from '@greenroom/testing';

import { CatalogPlace, clients, component, entity, type StartedCatalog } from './testing/startTestCatalog';
import { join } from 'node:path';

type Decide = (permission: string) => PolicyDecision;

const condition = (rule: string, params: object) => ({ rule, resourceType: 'catalog-entity', params });

describe.each(clients)('permissions on %s', client => {
  let place: CatalogPlace;
  let started: StartedCatalog;
  let decide: Decide;
  const audited: string[] = [];
  const events: Array<{ topic: string; eventPayload: unknown }> = [];

  const permissions = provide(coreServices.permissions, (): PermissionsService => {
    const answer = async (requests: Array<{ permission: { name: string } }>) =>
      requests.map(({ permission }) => decide(permission.name));
    return { authorize: answer as never, authorizeConditional: answer as never };
  });
  const auditor = provide(coreServices.auditor, (): AuditorService => ({
    createEvent: async ({ eventId, meta }) => ({
      success: async () => void audited.push(`${eventId} ${meta?.action} succeeded`),
      fail: async ({ error }) => void audited.push(`${eventId} ${meta?.action} ${error.name}`),
    }),
  }));
  const eventsFactory = provide(eventsServiceRef, () => ({
    publish: async event => void events.push(event),
    subscribe: async () => {},
  }));

  beforeAll(async () => {
    place = await CatalogPlace.create(client);
    await place.write({
      'a.yaml': [
        component(
          'mine',
          { owner: 'team', parts: [], limits: { memory: 1 }, blank: '' },
          { annotations: { 'a.b/c': 'X' }, labels: { tier: 'gold' }, tags: ['java'] },
        ),
        component('yours', { owner: 'other', type: 'website', blank: null }),
        entity('System', 'shared', { owner: 'other' }, { title: 'Shared' }),
      ],
    });
    decide = () => ({ result: AuthorizeResult.ALLOW });
    const locations = [{ type: 'file', target: join(place.folder, 'a.yaml') }];
    started = await place.start({ locations }, permissions, auditor, eventsFactory);
  }, 60_000);
  beforeEach(() => {
    decide = () => ({ result: AuthorizeResult.ALLOW });
    audited.length = 0;
  });
  afterAll(() => place.remove());

  const reading = (conditions: unknown) => {
    decide = name =>
      name === 'catalog.entity.read'
        ? ({
            result: AuthorizeResult.CONDITIONAL,
            pluginId: 'catalog',
            resourceType: 'catalog-entity',
            conditions,
          } as PolicyDecision)
        : { result: AuthorizeResult.ALLOW };
  };
  const seen = async () => {
    const { items } = await started.client.getEntities(
      { order: { field: 'metadata.name', order: 'asc' } },
      started.options,
    );
    return items.map(({ metadata }) => metadata.name).filter(name => !name.startsWith('generated-'));
  };

  /** What the rules themselves allow. */
  const judged = async (conditions: unknown) => {
    decide = () => ({ result: AuthorizeResult.ALLOW });
    const resourceRef = ['component:default/mine', 'component:default/yours', 'system:default/shared'];
    const items = [{ id: '1', resourceType: 'catalog-entity', resourceRef, conditions }];
    const path = '/.well-known/backstage/permissions/apply-conditions';
    const { body } = await started.request(path, { method: 'POST', body: { items } });
    return ['mine', 'yours', 'shared'].filter((_, index) => body.items[0].result[index] === 'ALLOW');
  };

  it.each([
    ['IS_ENTITY_OWNER', { claims: ['group:default/team'] }, ['mine']],
    ['IS_ENTITY_OWNER', { claims: [] }, []],
    ['IS_ENTITY_KIND', { kinds: ['System'] }, ['shared']],
    ['HAS_ANNOTATION', { annotation: 'a.b/c' }, ['mine']],
    ['HAS_ANNOTATION', { annotation: 'a.b/c', value: 'y' }, []],
    ['HAS_LABEL', { label: 'tier', value: 'gold' }, ['mine']],
    ['HAS_METADATA', { key: 'title', value: 'Shared' }, ['shared']],
    ['HAS_METADATA', { key: 'tags.java' }, ['mine']],
    ['HAS_METADATA', { key: 'name', value: 'MINE' }, ['mine']],
    ['HAS_SPEC', { key: 'type', value: 'website' }, ['yours']],
    ['HAS_SPEC', { key: 'limits.memory', value: '1' }, ['mine']],
    ['HAS_SPEC', { key: 'limits' }, []],
    ['HAS_SPEC', { key: 'blank', value: '' }, ['mine']],
    ['HAS_SPEC', { key: 'blank' }, ['mine', 'yours']],
    ['HAS_SPEC', { key: 'parts' }, []],
  ])('shows by %s %j, as the rule itself judges', async (rule, params, expected) => {
    reading(condition(rule, params));
    expect(await seen()).toEqual(expected);
    expect(await judged(condition(rule, params))).toEqual(expected);
  });

  const isComponent = condition('IS_ENTITY_KIND', { kinds: ['Component'] });
  const ofOther = condition('IS_ENTITY_OWNER', { claims: ['group:default/other'] });
  const ofMany = condition('IS_ENTITY_OWNER', {
    claims: ['group:default/team', ...Array.from({ length: 9 }, (_, index) => `group:default/${index}`)],
  });
  const titled = condition('HAS_METADATA', { key: 'title' });
  it.each<[object, string[]]>([
    [{ allOf: [isComponent, { anyOf: [ofMany, titled] }] }, ['mine']],
    [{ allOf: [{ anyOf: [titled, ofOther] }, isComponent] }, ['yours']],
    [{ anyOf: [titled, { allOf: [isComponent, ofOther] }] }, ['yours', 'shared']],
    [{ not: { anyOf: [titled, ofOther] } }, ['mine']],
    [{ not: { allOf: [isComponent, ofOther] } }, ['mine', 'shared']],
    [{ not: ofMany }, ['yours', 'shared']],
    [{ not: { not: ofMany } }, ['mine']],
    [{ allOf: [{ not: ofMany }, { not: titled }] }, ['yours']],
  ])('shows by %j, as the rules together judge', async (conditions, expected) => {
    reading(conditions);
    expect((await seen()).sort()).toEqual([...expected].sort());
    expect(await judged(conditions)).toEqual(expected);
  });

  it('puts conditions together, and hides from every route what may not be seen', async () => {
    const yours = await started.client.getEntityByRef('component:yours', started.options);
    const yoursUid = yours!.metadata.uid!;
    expect((await started.request(`/entities/by-uid/${yoursUid}`)).status).toBe(200);
    reading({
      allOf: [
        { not: condition('IS_ENTITY_KIND', { kinds: ['location'] }) },
        {
          anyOf: [
            condition('IS_ENTITY_OWNER', { claims: ['group:default/team'] }),
            condition('HAS_SPEC', { key: 'none' }),
          ],
        },
      ],
    });
    const { client: catalog, options, request } = started;
    expect(await seen()).toEqual(['mine']);
    expect(await catalog.getEntityByRef('component:yours', options)).toBeUndefined();
    expect((await request(`/entities/by-uid/${yoursUid}`)).status).toBe(404);
    expect((await request('/entities/by-name/component/default/yours/ancestry')).status).toBe(404);
    const { items } = await catalog.getEntitiesByRefs(
      { entityRefs: ['component:yours', 'component:mine'] },
      options,
    );
    expect(items.map(item => item?.metadata.name)).toEqual([undefined, 'mine']);
    expect((await catalog.queryEntities({}, options)).totalItems).toBe(1);
    expect((await catalog.getEntityFacets({ facets: ['kind'] }, options)).facets).toEqual({
      kind: [{ value: 'Component', count: 1 }],
    });
    const ancestors = await catalog.getEntityAncestors({ entityRef: 'component:mine' }, options);
    expect(ancestors.items.map(item => [item.entity.metadata.name, item.parentEntityRefs])).toEqual([
      ['mine', []],
    ]);
    // As if there were no such entity, and not as one that came by no registered location.
    for (const name of ['yours', 'none']) {
      const { body } = await request(`/locations/by-entity/component/default/${name}`);
      expect(body.error.message).toBe(`The catalog has no entity 'component:default/${name}'`);
    }
    expect(
      (await request('/refresh', { method: 'POST', body: { entityRef: 'component:yours' } })).status,
    ).toBe(404);
  });

  it('shows nothing where reading is denied, and fails where a rule is not known', async () => {
    decide = () => ({ result: AuthorizeResult.DENY });
    expect(await seen()).toEqual([]);
    reading(condition('IS_BLUE', {}));
    expect((await started.request('/entities')).status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['IS_ENTITY_OWNER', {}],
    ['IS_ENTITY_OWNER', undefined],
    ['IS_ENTITY_KIND', { kind: ['Component'] }],
    ['HAS_SPEC', { key: 'type', value: 3 }],
    ['HAS_LABEL', { label: 'tier', values: ['silver'] }],
  ])('shows nothing by %s with parameters %j, which the rule does not take', async (rule, params) => {
    const wrong = condition(rule, params as never);
    for (const conditions of [wrong, { not: { not: wrong } }, { not: wrong }]) {
      reading(conditions);
      const { status, body } = await started.request('/entities');
      expect([status, body.error?.name]).toEqual([500, 'InternalServerError']);
    }
  });

  it('holds writes to their permissions and books them', async () => {
    const { client: catalog, options, request } = started;
    const uid = (await catalog.getEntityByRef('component:yours', options))!.metadata.uid!;
    decide = name => ({
      result: name === 'catalog.entity.read' ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
    });
    const target = join(place.folder, 'a.yaml');
    const denied = [
      request(`/entities/by-uid/${uid}`, { method: 'DELETE' }),
      request('/refresh', { method: 'POST', body: { entityRef: 'component:yours' } }),
      request('/locations', { method: 'POST', body: { type: 'file', target } }),
      request('/locations?dryRun=true', { method: 'POST', body: { type: 'file', target } }),
      request('/locations/x', { method: 'DELETE' }),
      request('/locations/x', { method: 'PUT', body: { target: 'https://example.com' } }),
      request('/locations/x'),
      request('/.greenroom/ingestion'),
      request('/validate-entity', { method: 'POST', body: { entity: {}, location: 'url:x' } }),
      request('/analyze-location', {
        method: 'POST',
        body: { location: { type: 'url', target: 'https://example.com' } },
      }),
    ];
    for (const answer of await Promise.all(denied)) expect(answer.status).toBe(403);
    expect((await request('/locations')).body).toEqual([]);
    expect([...audited].sort()).toEqual([
      'entity-mutate delete NotAllowedError',
      'entity-mutate refresh NotAllowedError',
      'location-mutate create NotAllowedError',
      'location-mutate delete NotAllowedError',
      'location-mutate update NotAllowedError',
    ]);
    audited.length = 0;
    decide = () => ({ result: AuthorizeResult.ALLOW });
    await catalog.refreshEntity('component:default/yours', options);
    expect(audited).toEqual(['entity-mutate refresh succeeded']);
  });

  it('lets those try out a location who may add it', async () => {
    const { ALLOW, DENY } = AuthorizeResult;
    decide = name => ({ result: name === 'catalog.location.create' ? ALLOW : DENY });
    const body = { type: 'file', target: join(place.folder, 'a.yaml') };
    const { status } = await started.request('/locations?dryRun=true', { method: 'POST', body });
    expect(status).toBe(201);
  });

  it('publishes what changed', async () => {
    const of = (topic: string) =>
      events.filter(event => event.topic === topic).map(({ eventPayload }) => eventPayload);
    const added = of('greenroom.catalog.entities').flatMap(payload => (payload as { added: string[] }).added);
    expect(added).toEqual(
      expect.arrayContaining(['component:default/mine', 'component:default/yours', 'system:default/shared']),
    );
    events.length = 0;
    await place.write({ 'a.yaml': [component('mine', { owner: 'crew' }), component('yours', { owner: 3 })] });
    await started.client.refreshEntity('component:default/mine', started.options);
    await eventually(async () => {
      const payloads = of('greenroom.catalog.entities') as Array<{ changed: string[]; removed: string[] }>;
      expect(payloads.flatMap(({ removed }) => removed)).toEqual(['system:default/shared']);
      expect(payloads.flatMap(({ changed }) => changed)).toContain('component:default/mine');
      expect(of('experimental.catalog.errors')).toMatchObject([{ entity: 'yours' }]);
    });
  });

  it('lets entities be refreshed and removed by those conditions that they meet', async () => {
    const { client: catalog, options, request } = started;
    const uid = async (name: string) =>
      (await catalog.getEntityByRef(`component:${name}`, options))!.metadata.uid;
    const uids = { mine: await uid('mine'), yours: await uid('yours') };
    decide = name =>
      name === 'catalog.entity.read'
        ? { result: AuthorizeResult.ALLOW }
        : ({
            result: AuthorizeResult.CONDITIONAL,
            pluginId: 'catalog',
            resourceType: 'catalog-entity',
            conditions: condition('HAS_METADATA', { key: 'name', value: 'mine' }),
          } as PolicyDecision);
    const refresh = (entityRef: string) => request('/refresh', { method: 'POST', body: { entityRef } });
    expect((await refresh('component:yours')).status).toBe(403);
    expect((await refresh('component:mine')).status).toBe(200);
    expect((await request(`/entities/by-uid/${uids.yours}`, { method: 'DELETE' })).status).toBe(403);
    await catalog.removeEntityByUid(uids.mine!, options);
  });

  it('shows registered locations only to who may read them', async () => {
    const { request } = started;
    const body = { type: 'file', target: join(place.folder, 'nothing.yaml') };
    const { id } = (await request('/locations', { method: 'POST', body })).body.location;
    const shown = async () => ({
      all: (await request('/locations')).body.length,
      matching: (await request('/locations/by-query', { method: 'POST', body: {} })).body.totalItems,
      one: (await request(`/locations/${id}`)).status,
      ofEntity: (await request('/locations/by-entity/system/default/none')).status,
    });
    expect(await shown()).toEqual({ all: 1, matching: 1, one: 200, ofEntity: 404 });
    decide = name => ({
      result: name === 'catalog.location.read' ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
    });
    expect(await shown()).toEqual({ all: 0, matching: 0, one: 403, ofEntity: 403 });
  });
});
