// Tests of how entities come in: locations, conflicts, orphans, providers, processors, and what is refused with its place.
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entity } from '@backstage/catalog-model';
import type { BackendFeature } from '@greenroom/backend-plugin-api';
import {
  catalogEntityKindsExtensionPoint,
  catalogIngestionExtensionPoint,
  catalogProcessingExtensionPoint,
  type CatalogProcessingExtensionPoint,
  type EntityProviderConnection,
  type IngestionRefusal,
  processingResult,
  type ProcessingErrorEvent,
} from '@greenroom/plugin-catalog-node';
import { createModule, eventually } from '@greenroom/testing';
import { CatalogPlace, clients, component, entity, type StartedCatalog } from './testing/startTestCatalog';

const yaml = (name: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n` +
  'spec:\n  type: service\n  lifecycle: production\n  owner: team\n';

function extend(
  use: (processing: CatalogProcessingExtensionPoint) => void,
  moduleId = 'test',
): BackendFeature {
  return createModule('catalog', moduleId, {
    deps: { processing: catalogProcessingExtensionPoint },
    init: async deps => use(deps.processing),
  });
}

describe.each(clients)('ingestion on %s', client => {
  let place: CatalogPlace;
  beforeEach(async () => {
    place = await CatalogPlace.create(client);
  });
  afterEach(() => place.remove());

  const file = (target: string) => ({ type: 'file', target: join(place.folder, target) });
  const refs = async ({ client: catalog, options }: StartedCatalog) => {
    const { items } = await catalog.getEntities(
      {
        order: [
          { field: 'kind', order: 'asc' },
          { field: 'metadata.name', order: 'asc' },
        ],
      },
      options,
    );
    return items
      .map(({ kind, metadata }) => `${kind}:${metadata.name}`.toLowerCase())
      .filter(ref => !ref.startsWith('location:generated-'));
  };
  const refused = async ({ request }: StartedCatalog): Promise<IngestionRefusal[]> => {
    const { body } = await request('/.greenroom/ingestion');
    return body.refused.map((refusal: IngestionRefusal) => ({
      ...refusal,
      file: refusal.file.replace(`${place.folder}/`, ''),
    }));
  };

  it('reads globs, follows Locations relative to their file, and ends circles', async () => {
    await place.write({
      'start.yaml': entity('Location', 'start', { targets: ['./x/one.yaml', './x/*.yml'] }),
      'x/one.yaml': entity('Location', 'one', { type: 'file', target: '../start.yaml' }),
      'x/two.yml': yaml('two'),
      'y/[z].yaml': yaml('brackets'),
      'y/z.yaml': yaml('z'),
    });
    const started = await place.start({
      locations: [file('start.yaml'), file('x/*.yml'), file('y/[z].yaml')],
    });
    expect(await refused(started)).toEqual([]);
    expect(await refs(started)).toEqual([
      'component:brackets',
      'component:two',
      'location:one',
      'location:start',
    ]);
  });

  it('reads what a glob matches once, under its own path, though links lead to it, as those to workspaces do', async () => {
    await place.write({ 'packages/a/catalog-info.yaml': yaml('a') });
    await mkdir(join(place.folder, 'node_modules'));
    await symlink('../packages/a', join(place.folder, 'node_modules/a'));
    await symlink('packages', join(place.folder, 'again'));
    const started = await place.start({ locations: [file('**/catalog-info.yaml')] });
    expect(await refused(started)).toEqual([]);
    const { client: catalog, options } = started;
    const a = await catalog.getEntityByRef('component:default/a', options);
    expect(a?.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-location': `file:${join(place.folder, 'packages/a/catalog-info.yaml')}`,
    });
  });

  it('takes folders literally whose names have signs of globs, as those of a second download or copy', async () => {
    await place.write({
      'repo (1)/a.yaml': yaml('round'),
      'repo [new]/deep/a.yaml': yaml('square'),
      'repo {a,b}/a.yaml': yaml('curly'),
      'repo !/!a.yaml': yaml('loud'),
      'repo !/b.yaml': yaml('quiet'),
    });
    const started = await place.start({
      locations: [
        file('repo (1)/*.yaml'),
        file('repo [new]/**/*.yaml'),
        file('repo {a,b}/?.yaml'),
        file('repo !/!*.yaml'),
      ],
    });
    expect(await refused(started)).toEqual([]);
    expect(await refs(started)).toEqual([
      'component:curly',
      'component:loud',
      'component:round',
      'component:square',
    ]);
  });

  it.each(['theatre (1)/a.yaml', 'theatre (1)/*.yaml'])('reads nothing outside of %s', async target => {
    await place.write({
      'theatre (1)/a.yaml': yaml('a').replace('type: service', 'type: { $text: ../secret.txt }'),
      'secret.txt': 'secret',
    });
    const started = await place.start({ locations: [file(target)] });
    expect(await refused(started)).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('outside of what the catalog may read') }),
    ]);
  });

  it('refuses bad documents, files and locations one by one, each with its place', async () => {
    await place.write({
      '1.yaml': yaml('"not valid"'),
      '2.yaml': yaml('two').replace('  type: service\n', ''),
      '3.yaml': yaml('${{ values.name }}'),
      '4.yaml': 'just text',
      '5.yaml': yaml('five').replace('Component', 'Robot'),
      '6.yaml': `a: [\n---\n${yaml('six')}`,
      '7.yaml': `${yaml('seven')}extra: 1\n`,
      '8.yaml': yaml('eight').replace('owner: team', 'owner: ":x"'),
      '9.yaml': entity('Location', 'nine', {
        targets: ['./gone.yaml', '/etc/passwd', '../../../../etc/passwd'],
      }),
      'a.yaml': yaml('ten').replace('type: service', 'type: { $text: ../../../../../../etc/passwd }'),
      'b.yaml': `${yaml('dup')}---\n${yaml('DUP')}`,
      'c.yaml': yaml('proto').replace('spec:', '__proto__: { a: 1 }\nspec:'),
    });
    await writeFile(join(place.folder, 'd.yaml'), Uint8Array.of(1, 0, 2));
    await symlink('/etc/passwd', join(place.folder, 'e.yaml'));
    const started = await place.start({
      locations: [file('?.yaml'), file('none.yaml'), { type: 'ldap', target: 'x' }],
    });
    const found = await refused(started);
    const at = (name: string) => found.filter(refusal => refusal.file === name);
    const one = (name: string) => expect([name, at(name).length]).toEqual([name, 1]);
    [
      '1.yaml',
      '2.yaml',
      '3.yaml',
      '4.yaml',
      '5.yaml',
      '6.yaml',
      '7.yaml',
      '8.yaml',
      'a.yaml',
      'b.yaml',
      'c.yaml',
      'd.yaml',
      'e.yaml',
    ].forEach(one);
    expect(at('1.yaml')[0]).toMatchObject({ subject: 'document', line: 4 });
    expect(at('2.yaml')[0]).toEqual({
      subject: 'document',
      file: '2.yaml',
      line: 5,
      entityRef: 'component:default/two',
      reason: 'spec.type is missing',
    });
    expect(at('3.yaml')[0]).toMatchObject({
      line: 4,
      reason: expect.stringContaining("a template's skeleton"),
    });
    expect(at('5.yaml')[0]).toMatchObject({
      line: 2,
      entityRef: 'robot:default/five',
      reason: expect.stringContaining('this catalog knows API'),
    });
    expect(at('6.yaml')[0]).toMatchObject({ line: 2, reason: expect.stringContaining('syntax error') });
    expect(at('7.yaml')[0]).toMatchObject({
      line: 9,
      reason: expect.stringContaining("'extra' is not known"),
    });
    expect(at('8.yaml')[0]).toMatchObject({
      line: 8,
      reason: expect.stringContaining('spec.owner is not an entity reference'),
    });
    expect(at('9.yaml').map(({ reason }) => reason)).toEqual([
      expect.stringContaining('there is no file'),
      expect.stringContaining('outside of what the catalog may read'),
      expect.stringContaining('outside of what the catalog may read'),
    ]);
    expect(at('a.yaml')[0]).toMatchObject({
      line: 6,
      reason: expect.stringContaining('outside of what the catalog may read'),
    });
    expect(at('b.yaml')[0]).toMatchObject({
      line: 10,
      reason: `'component:default/dup' is already defined at ${place.folder}/b.yaml:1`,
    });
    expect(at('c.yaml')[0]).toMatchObject({ line: 5, reason: "a key must not be '__proto__'" });
    expect(at('d.yaml')[0]).toMatchObject({ subject: 'file', reason: expect.stringContaining('binary') });
    expect(at('e.yaml')[0]).toMatchObject({
      subject: 'file',
      reason: expect.stringContaining('outside of what the catalog may read'),
    });
    expect(at('catalog.locations[1]')[0]).toMatchObject({
      subject: 'location',
      reason: expect.stringContaining('there is no file'),
    });
    expect(at('catalog.locations[2]')[0]?.reason).toContain("'ldap' are not known");
    expect(await refs(started)).toEqual(['component:dup', 'component:six', 'location:nine']);
    const location = await started.client.getEntityByRef('location:nine', started.options);
    expect(location).toMatchObject({
      status: {
        items: [
          { type: 'backstage.io/catalog-processing', level: 'error' },
          { level: 'error' },
          { level: 'error' },
        ],
      },
    });
  });

  it.each([
    [{ type: 'file' }, "catalog.locations[1].target'"],
    [{ target: './a.yaml' }, "catalog.locations[1].type'"],
    [{ type: 'file', target: '' }, "catalog.locations[1].target'"],
    ['x', "catalog.locations[1]'"],
  ])('does not start with the location %j, and says where it is', async (location, key) => {
    const failed = place.start({ locations: [file('none.yaml'), location] });
    await expect(failed).rejects.toThrow(key);
  });

  it.each([0, '0s', {}, 'often', { eons: 1 }, true])(
    'does not process every %j',
    async processingInterval => {
      await expect(place.start({ processingInterval })).rejects.toThrow('catalog.processingInterval');
    },
  );

  it('lets the first of two sources keep an entity, reports the other, and lets it take over in the end', async () => {
    await place.write({ 'a.yaml': yaml('x'), 'b.yaml': `---\n${yaml('x').replace('service', 'website')}` });
    const started = await place.start({
      locations: [file('a.yaml'), file('b.yaml')],
      processingInterval: '500ms',
    });
    expect(await refused(started)).toEqual([
      {
        subject: 'document',
        file: 'b.yaml',
        line: 2,
        entityRef: 'component:default/x',
        reason: `'component:default/x' is already defined at ${place.folder}/a.yaml:1, and the first source keeps it`,
      },
    ]);
    const type = async () =>
      (await started.client.getEntityByRef('component:x', started.options))?.spec?.type;
    expect(await type()).toBe('service');
    await place.write({ 'a.yaml': yaml('y') });
    await eventually(async () => expect(await type()).toBe('website'));
    expect(await refused(started)).toEqual([]);
  });

  it('keeps what was last good, with its error, and recovers', async () => {
    await place.write({ 'a.yaml': yaml('x') });
    const started = await place.start({
      locations: [file('a.yaml')],
      processingInterval: { milliseconds: 500 },
    });
    await place.write({ 'a.yaml': yaml('x').replace('owner: team', 'owner: 3') });
    const found = async () => started.client.getEntityByRef('component:x', started.options);
    const message = expect.stringContaining('a.yaml:8');
    await eventually(async () =>
      expect(await found()).toMatchObject({ spec: { owner: 'team' }, status: { items: [{ message }] } }),
    );
    await place.write({ 'a.yaml': yaml('x').replace('owner: team', 'owner: crew') });
    await eventually(async () => expect(await found()).toMatchObject({ spec: { owner: 'crew' } }));
    expect(await found()).not.toHaveProperty('status');
  });

  it('reads a Location anew that was edited, or refused and restored, though the files it leads to are the same', async () => {
    const to = (spec: object, metadata = {}) => ({ 'l.yaml': entity('Location', 'l', spec, metadata) });
    const both = to({ targets: ['./a.yaml', './b.yaml'] });
    await place.write({ 'a.yaml': yaml('a'), 'b.yaml': yaml('b'), ...both });
    const started = await place.start({
      locations: [file('l.yaml')],
      processingInterval: { milliseconds: 200 },
    });
    const location = async () => started.client.getEntityByRef('location:l', started.options);
    expect(await refs(started)).toEqual(['component:a', 'component:b', 'location:l']);
    await place.write(to({ targets: 3 }));
    await eventually(async () => expect(await location()).toHaveProperty('status'));
    await place.write(both);
    await eventually(async () => expect(await location()).not.toHaveProperty('status'));
    await place.write(to({ targets: ['./a.yaml'] }, { title: 'One' }));
    await eventually(async () => expect(await refs(started)).toEqual(['component:a', 'location:l']));
    expect(await location()).toMatchObject({ metadata: { title: 'One' } });
  });

  it('keeps an entity whose file was renamed', async () => {
    await place.write({ 'a.yaml': yaml('x') });
    const started = await place.start({
      locations: [file('*.yaml')],
      processingInterval: { milliseconds: 200 },
    });
    const found = async () => (await started.client.getEntityByRef('component:x', started.options)) as Entity;
    const { uid } = (await found()).metadata;
    await rename(join(place.folder, 'a.yaml'), join(place.folder, 'b.yaml'));
    await eventually(async () => {
      const { annotations, ...metadata } = (await found()).metadata;
      expect(annotations?.['backstage.io/managed-by-location']).toMatch(/b\.yaml$/);
      expect(metadata.uid).toBe(uid);
    });
    expect(started.lines.filter(line => line.includes('already defined'))).toEqual([]);
  });

  it('keeps the entities of a folder that can not be read, and no others', async () => {
    await place.write({ 'parts/c.yaml': yaml('c'), 'a.yaml': yaml('a'), 'parts.yaml': yaml('p') });
    const started = await place.start({
      locations: [file('**/*.yaml')],
      processingInterval: { milliseconds: 200 },
    });
    expect(await refs(started)).toEqual(['component:a', 'component:c', 'component:p']);
    const closed = join(place.folder, 'parts');
    const own = process.geteuid!();
    await chmod(place.folder, 0o755);
    await chmod(closed, 0);
    await rm(join(place.folder, 'parts.yaml'));
    // The superuser may read everything.
    if (own === 0) process.seteuid!(65_534);
    try {
      await eventually(async () => expect(await refs(started)).toEqual(['component:a', 'component:c']));
      const reason = expect.stringContaining('EACCES');
      expect(await refused(started)).toMatchObject([{ file: 'parts/', reason }]);
    } finally {
      process.seteuid!(own);
      await chmod(closed, 0o755);
    }
  });

  it('keeps an entity to its file while that is broken, though another file has it too', async () => {
    const own = yaml('x').replace('type: service', 'type: own');
    await place.write({ 'a.yaml': own, 'b.yaml': yaml('x') });
    const started = await place.start({
      locations: [file('[ab].yaml')],
      processingInterval: { milliseconds: 200 },
    });
    const type = async () =>
      (await started.client.getEntityByRef('component:x', started.options))?.spec?.type;
    expect(await type()).toBe('own');
    await place.write({ 'a.yaml': 'a: [' });
    await eventually(async () =>
      expect(await refused(started)).toContainEqual(expect.objectContaining({ file: 'a.yaml' })),
    );
    expect(await type()).toBe('own');
  });

  it('keeps everything that a processor has read while it can not read it again', async () => {
    let failure: 'none' | 'thrown' | 'emitted' | 'folder' = 'none';
    const found = { type: 'file', target: '/inventory/x' };
    const reader = extend(processing =>
      processing.addProcessor({
        getProcessorName: () => 'inventory',
        async readLocation(location, _optional, emit) {
          if (location.type !== 'inventory') return false;
          const down = new Error(`The inventory is down: ${failure}`);
          if (failure === 'thrown') throw down;
          if (failure === 'emitted') emit(processingResult.generalError(location, down.message));
          else if (failure === 'folder') {
            emit(processingResult.generalError({ ...found, target: '/inventory/' }, down.message));
          } else emit(processingResult.entity(found, component('x') as Entity));
          return true;
        },
      }),
    );
    const locations = [{ type: 'inventory', target: 'here' }];
    const started = await place.start({ locations, processingInterval: { milliseconds: 200 } }, reader);
    for (failure of ['thrown', 'emitted', 'folder'] as const) {
      const reason = expect.stringContaining(failure);
      await eventually(async () => expect(await refused(started)).toMatchObject([{ reason }]));
      expect(await refs(started)).toEqual(['component:x']);
    }
  });

  it('takes a relation back at both its ends', async () => {
    const group = entity('Group', 'team', { type: 'team', children: [] });
    await place.write({ 'a.yaml': yaml('x'), 'b.yaml': group });
    const started = await place.start({
      locations: [file('a.yaml'), file('b.yaml')],
      processingInterval: { milliseconds: 500 },
    });
    const owned = async () =>
      (await started.client.getEntityByRef('group:team', started.options))?.relations ?? [];
    const isOwned = () =>
      eventually(async () =>
        expect(await owned()).toEqual([{ type: 'ownerOf', targetRef: 'component:default/x' }]),
      );
    await isOwned();
    await place.write({ 'a.yaml': yaml('x').replace('owner: team', 'owner: crew') });
    await eventually(async () => expect(await owned()).toEqual([]));
    await place.write({ 'a.yaml': yaml('x') });
    await isOwned();
    await rm(join(place.folder, 'a.yaml'));
    await eventually(async () => expect(await owned()).toEqual([]));
  });

  it('marks an orphan no more that a location leads to again', async () => {
    const all = join(place.folder, 'all.yaml');
    await place.write({ 'all.yaml': [component('x'), component('y')] });
    const started = await place.start({
      locations: [{ type: 'file', target: all }],
      processingInterval: { milliseconds: 100 },
      orphanStrategy: 'keep',
    });
    const mark = async () => {
      const y = await started.client.getEntityByRef('component:y', started.options);
      return y?.metadata.annotations?.['backstage.io/orphan'];
    };
    await place.write({ 'all.yaml': [component('x')] });
    await eventually(async () => expect(await mark()).toBe('true'));
    await place.write({ 'all.yaml': [component('x'), component('y')] });
    await eventually(async () => expect(await mark()).toBeUndefined());
  });

  it('gives an orphan to whoever leads to it next', async () => {
    await place.write({ 'a.yaml': component('x'), 'b.yaml': [] });
    const started = await place.start({
      locations: [file('a.yaml'), file('b.yaml')],
      processingInterval: { milliseconds: 200 },
      orphanStrategy: 'keep',
    });
    const annotations = async () =>
      (await started.client.getEntityByRef('component:x', started.options))?.metadata.annotations;
    const mark = { 'backstage.io/orphan': 'true' };
    await place.write({ 'a.yaml': [] });
    await eventually(async () => expect(await annotations()).toMatchObject(mark));
    await place.write({ 'b.yaml': component('x') });
    const leads = { 'backstage.io/managed-by-location': expect.stringContaining('b.yaml') };
    await eventually(async () => expect(await annotations()).toMatchObject(leads));
    expect(await annotations()).not.toMatchObject(mark);
    expect(await refused(started)).toEqual([]);
  });

  it('lets go of locations that lead only to each other', async () => {
    const to = (name: string, target: string) => entity('Location', name, { targets: [target] });
    await place.write({ 'a.yaml': to('a', './b.yaml'), 'b.yaml': [to('b', './a.yaml'), component('c')] });
    const first = await place.start({ locations: [file('a.yaml')] });
    expect(await refs(first)).toEqual(['component:c', 'location:a', 'location:b']);
    await first.stop();
    expect(await refs(await place.start({}))).toEqual([]);
  });

  it('removes orphans, or keeps and marks them', async () => {
    for (const orphanStrategy of ['delete', 'keep']) {
      await place.write({ 'a.yaml': [component('x'), component('y')] });
      const started = await place.start({
        locations: [file('a.yaml')],
        processingInterval: { milliseconds: 500 },
        orphanStrategy,
      });
      expect(await refs(started)).toEqual(['component:x', 'component:y']);
      await place.write({ 'a.yaml': component('x') });
      const y = async () => started.client.getEntityByRef('component:y', started.options);
      if (orphanStrategy === 'delete') await eventually(async () => expect(await y()).toBeUndefined());
      else
        await eventually(async () =>
          expect((await y())?.metadata.annotations).toMatchObject({ 'backstage.io/orphan': 'true' }),
        );
      await started.stop();
    }
  });

  it('keeps uids over a restart, forgets what is gone, and processes nothing anew that did not change', async () => {
    await place.write({ 'a.yaml': yaml('a'), 'b.yaml': yaml('b') });
    const first = await place.start({ locations: [file('?.yaml')] });
    const before = await first.client.getEntityByRef('component:a', first.options);
    await first.stop();
    await rm(join(place.folder, 'b.yaml'));
    let runs = 0;
    const counting = extend(processing =>
      processing.addProcessor({
        getProcessorName: () => 'counting',
        readLocation: async () => false,
        validateEntityKind: async () => {
          runs += 1;
          return false;
        },
      }),
    );
    const second = await place.start({ locations: [file('?.yaml')] }, counting);
    expect(await refs(second)).toEqual(['component:a']);
    expect(await second.client.getEntityByRef('component:a', second.options)).toEqual(before);
    await second.stop();
    runs = 0;
    const third = await place.start({ locations: [file('?.yaml')] }, counting);
    expect(await refs(third)).toEqual(['component:a']);
    // The Location is looked at; the entity is not.
    expect(runs).toBe(1);
  });

  it('processes anew with other processors, also locations whose files are the same', async () => {
    await place.write({ 'a.yaml': yaml('a') });
    await (await place.start({ locations: [file('a.yaml')] })).stop();
    const seen = new Set<string>();
    const seeing = extend(processing =>
      processing.addProcessor({
        getProcessorName: () => 'seeing',
        async postProcessEntity(given) {
          seen.add(given.kind);
          return given;
        },
      }),
    );
    const started = await place.start({ locations: [file('a.yaml')] }, seeing);
    expect(await refs(started)).toEqual(['component:a']);
    expect([...seen].sort()).toEqual(['Component', 'Location']);
  });

  it('processes anew what has other relations', async () => {
    await place.write({ 'a.yaml': { ...entity('Robot', 'r', { owner: 'team' }), apiVersion: 'acme/v1' } });
    const robots = (type: string) =>
      createModule('catalog', 'robots', {
        deps: { kinds: catalogEntityKindsExtensionPoint },
        async init({ kinds }) {
          kinds.addEntityKind({
            kind: 'Robot',
            apiVersions: ['acme/v1'],
            validator: { check: async () => true },
            relations: [{ field: 'owner', type, inverse: 'ownerOf', defaultKind: 'Group' }],
          });
        },
      });
    await (await place.start({ locations: [file('a.yaml')] }, robots('keptBy'))).stop();
    const started = await place.start({ locations: [file('a.yaml')] }, robots('ownedBy'));
    const robot = await started.client.getEntityByRef('robot:r', started.options);
    expect(robot?.relations).toEqual([{ type: 'ownedBy', targetRef: 'group:default/team' }]);
  });

  it('takes full and delta mutations of providers, and refreshes by key', async () => {
    let connection!: EntityProviderConnection;
    let reads = 0;
    const give = (name: string, extra: object = {}) => ({
      entity: component(name, extra, {
        annotations: { 'backstage.io/managed-by-location': 'test:here' },
      }) as Entity,
      locationKey: 'test:here',
    });
    const features = extend(processing => {
      processing.addEntityProvider({
        getProviderName: () => 'test',
        connect: async given => void (connection = given),
      });
      processing.addProcessor({
        getProcessorName: () => 'keys',
        async postProcessEntity(given, _location, emit, cache) {
          reads += 1;
          emit(processingResult.refresh(`key:${given.metadata.name}`));
          await cache.set('runs', ((await cache.get<number>('runs')) ?? 0) + 1);
          return {
            ...given,
            spec: { ...given.spec, runs: await cache.get<number>('runs').then(runs => (runs ?? 0) + 1) },
          };
        },
      });
    });
    const started = await place.start({ processingInterval: false }, features);
    await connection.applyMutation({ type: 'full', entities: [give('a'), give('b')] });
    await eventually(async () => expect(await refs(started)).toEqual(['component:a', 'component:b']));
    await connection.applyMutation({
      type: 'delta',
      added: [give('c')],
      removed: [{ entityRef: 'component:default/a' }],
    });
    await eventually(async () => expect(await refs(started)).toEqual(['component:b', 'component:c']));
    // Replaced, under a key that it gives from now on.
    await connection.applyMutation({
      type: 'delta',
      added: [{ ...give('b', { type: 'y' }), locationKey: 'test:there' }],
      removed: [give('b')],
    });
    await eventually(async () => {
      const { items } = await started.client.getEntities({}, started.options);
      expect(items.map(({ metadata, spec }) => `${metadata.name} ${spec?.type}`)).toEqual([
        'b y',
        'c service',
      ]);
    });
    await connection.applyMutation({ type: 'full', entities: [give('b', { type: 'x' })] });
    await eventually(async () => {
      expect(await refs(started)).toEqual(['component:b']);
      expect((await started.client.getEntityByRef('component:b', started.options))?.spec).toMatchObject({
        type: 'x',
        runs: 3,
      });
    });
    const before = reads;
    await connection.refresh({ keys: ['key:b', 'key:none'] });
    await eventually(async () => expect(reads).toBe(before + 1));
    await eventually(async () =>
      expect((await started.client.getEntityByRef('component:b', started.options))?.spec?.runs).toBe(4),
    );
    await expect(
      connection.applyMutation({ type: 'full', entities: [{ entity: {} as Entity }] }),
    ).rejects.toThrow("provider 'test'");
    await started.stop();
    // Without its provider, what it gave goes.
    const without = await place.start({});
    expect(await refs(without)).toEqual([]);
  });

  it('marks what a provider gives no more, and gives again; and holds nothing for what it may not have', async () => {
    let connection!: EntityProviderConnection;
    const provided = extend(processing =>
      processing.addEntityProvider({
        getProviderName: () => 'test',
        connect: async given => void (connection = given),
      }),
    );
    await place.write({ 'a.yaml': component('a') });
    const started = await place.start(
      {
        locations: [file('a.yaml')],
        orphanStrategy: 'keep',
        processingInterval: { milliseconds: 200 },
      },
      provided,
    );
    const annotations = { 'backstage.io/managed-by-location': 'test:here' };
    const give = (name: string) => ({
      entity: component(name, {}, { annotations }) as Entity,
      locationKey: 'test:here',
    });
    const isOrphan = async (name: string) =>
      (await started.client.getEntityByRef(`component:${name}`, started.options))?.metadata.annotations?.[
        'backstage.io/orphan'
      ];
    // The location has it already.
    await connection.applyMutation({ type: 'delta', added: [give('a'), give('b')], removed: [] });
    const told = `test:here: component:default/a: 'component:default/a' is already defined at ${place.folder}/a.yaml:1`;
    expect(started.lines.filter(line => line.startsWith(`warn ${told}`))).toHaveLength(1);
    await eventually(async () => expect(await refs(started)).toEqual(['component:a', 'component:b']));
    await place.write({ 'a.yaml': [] });
    await eventually(async () => expect(await isOrphan('a')).toBe('true'));
    const removed = [{ entityRef: 'component:default/b' }];
    await connection.applyMutation({ type: 'delta', added: [], removed });
    await eventually(async () => expect(await isOrphan('b')).toBe('true'));
    await connection.applyMutation({ type: 'delta', added: [give('b')], removed: [] });
    await eventually(async () => expect(await isOrphan('b')).toBeUndefined());
  });

  it('runs processors in the order of priority, step by step', async () => {
    const calls: string[] = [];
    const processor = (name: string, priority: number) => ({
      getProcessorName: () => name,
      getPriority: () => priority,
      preProcessEntity: async (given: Entity) => (calls.push(`pre ${name}`), given),
      validateEntityKind: async () => (calls.push(`kind ${name}`), false),
      postProcessEntity: async (given: Entity) => (calls.push(`post ${name}`), given),
    });
    await place.write({ 'a.yaml': yaml('a') });
    const features = extend(processing =>
      processing.addProcessor(processor('late', 30), [processor('early', 10), processor('unset', 99)]),
    );
    const started = await place.start(
      { locations: [file('a.yaml')], processorOptions: { unset: { priority: 1 } } },
      features,
    );
    expect(await refs(started)).toEqual(['component:a']);
    expect(calls.slice(-9)).toEqual(
      ['pre', 'kind', 'post'].flatMap(step => ['unset', 'early', 'late'].map(name => `${step} ${name}`)),
    );
  });

  it('limits kinds by rules', async () => {
    await place.write({
      'a.yaml': [component('a'), entity('User', 'u', { memberOf: [] })],
      'b.yaml': entity('User', 'v', { memberOf: [] }),
    });
    const started = await place.start({
      rules: [{ allow: ['Component'] }],
      locations: [file('a.yaml'), { ...file('b.yaml'), rules: [{ allow: ['User'] }] }],
    });
    expect(await refs(started)).toEqual(['component:a', 'user:v']);
    expect((await refused(started))[0]).toMatchObject({
      line: 3,
      reason: expect.stringContaining("kind 'User' may not come from"),
    });
    // Without rules of one's own, what people register can't make anybody a member of a group.
    const target = join(place.folder, 'b.yaml');
    await expect(
      started.client.addLocation({ type: 'file', target, dryRun: true }, started.options),
    ).resolves.toBeDefined();
    await place.write({ 'c.yaml': entity('Group', 'admins', { type: 'team', children: [] }) });
    const groups = { type: 'file', target: join(place.folder, 'c.yaml'), dryRun: true };
    await expect(started.client.addLocation(groups, started.options)).rejects.toThrow(/400/);
  });

  it('tells modules what it refused, and takes kinds from them', async () => {
    await place.write({
      'a.yaml': [
        component('a', { owner: 3 }),
        { ...entity('Robot', 'r', { owner: 'team' }), apiVersion: 'acme/v1' },
      ],
    });
    const heard: IngestionRefusal[] = [];
    const events: ProcessingErrorEvent[] = [];
    const module = createModule('catalog', 'observer', {
      deps: {
        ingestion: catalogIngestionExtensionPoint,
        processing: catalogProcessingExtensionPoint,
        kinds: catalogEntityKindsExtensionPoint,
      },
      async init({ ingestion, processing, kinds }) {
        ingestion.addRefusalListener(refusal => void heard.push(refusal));
        ingestion.addRefusalListener(() => {
          throw new Error('a listener that fails');
        });
        processing.setOnProcessingErrorHandler(event => void events.push(event));
        const relations = [{ field: 'owner', type: 'ownedBy', inverse: 'ownerOf', defaultKind: 'Group' }];
        kinds.addEntityKind({
          kind: 'Robot',
          apiVersions: ['acme/v1'],
          validator: { check: async () => true },
          relations,
        });
      },
    });
    const started = await place.start({ locations: [file('a.yaml')] }, module);
    expect(heard).toEqual([expect.objectContaining({ line: 1, entityRef: 'component:default/a' })]);
    expect(events).toMatchObject([{ unprocessedEntity: { kind: 'Component' } }]);
    const robot = await started.client.getEntityByRef('robot:r', started.options);
    expect(robot?.relations).toEqual([{ type: 'ownedBy', targetRef: 'group:default/team' }]);
    expect(started.lines.filter(line => line.includes('a listener that fails'))).toHaveLength(1);
    await mkdir(join(place.folder, 'unused'));
  });

  it('tells modules once of the entity for which a processor emits errors', async () => {
    await place.write({ 'a.yaml': component('a') });
    const events: ProcessingErrorEvent[] = [];
    const module = createModule('catalog', 'strict', {
      deps: { processing: catalogProcessingExtensionPoint },
      async init({ processing }) {
        processing.setOnProcessingErrorHandler(event => void events.push(event));
        processing.addProcessor({
          getProcessorName: () => 'strict',
          async postProcessEntity(given, location, emit) {
            if (given.kind !== 'Component') return given;
            emit(processingResult.inputError(location, 'no owner known'));
            emit(processingResult.generalError(location, 'no system known'));
            return given;
          },
        });
      },
    });
    await place.start({ locations: [file('a.yaml')] }, module);
    expect(events).toEqual([
      {
        unprocessedEntity: expect.objectContaining({ metadata: expect.objectContaining({ name: 'a' }) }),
        errors: ['no owner known', 'no system known'].map(reason =>
          expect.objectContaining({ message: expect.stringContaining(reason) }),
        ),
      },
    ]);
  });

  it('reads files of folders that the configuration has watched, wherever they are', async () => {
    await place.write({ 'watched/a.yaml': component('a'), 'other/b.yaml': component('b') });
    const providers = { directory: { watched: { path: join(place.folder, 'watched') } } };
    const { client: catalog, options } = await place.start({ providers });
    const added = await catalog.addLocation({ ...file('watched/a.yaml'), dryRun: true }, options);
    expect(added.entities).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'Component' })]));
    const unwatched = catalog.addLocation({ ...file('other/b.yaml'), dryRun: true }, options);
    const message = expect.stringMatching(
      /outside of what the catalog may read.*catalog\.providers\.directory/,
    );
    await expect(unwatched).rejects.toMatchObject({ body: { error: { message } } });
  });
});
