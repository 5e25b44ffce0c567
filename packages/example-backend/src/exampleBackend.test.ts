// The example backend as a whole, in a process of its own: what it serves, and how it ends.
import {
  cleanUpExamples,
  exampleConfig,
  runExample,
  writeConfig,
  type RunningExample,
} from './testing/runExample';

interface Entity {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: Record<string, unknown>;
  relations?: Array<{ targetRef: string }>;
}

/** The fields of `spec` that refer to entities, with the kind that a bare name means. */
const references: Record<string, string | undefined> = {
  owner: 'group',
  system: 'system',
  domain: 'domain',
  subdomainOf: 'domain',
  subcomponentOf: 'component',
  providesApis: 'api',
  consumesApis: 'api',
  parent: 'group',
  children: 'group',
  memberOf: 'group',
  dependsOn: undefined,
  dependencyOf: undefined,
};

describe('the example backend', () => {
  let backend: RunningExample;
  let url: string;
  let entities: Entity[];

  const get = async (path: string) => (await fetch(`${url}${path}`)).json() as Promise<any>;

  beforeAll(async () => {
    const extra = await writeConfig('backend: { listen: { host: 127.0.0.1, port: 0 } }');
    backend = runExample(['--config', exampleConfig, '--config', extra]);
    url = await backend.ready();
    entities = await get('/api/catalog/entities');
  }, 60_000);
  afterAll(cleanUpExamples);

  it('serves entities of every kind', () => {
    const counts: Record<string, number> = {};
    for (const { kind } of entities) counts[kind] = (counts[kind] ?? 0) + 1;
    expect(counts).toEqual({
      API: 9,
      Component: 19,
      Domain: 3,
      Group: 11,
      // Four documents, and the one that stands for the location in the configuration.
      Location: 5,
      Resource: 9,
      System: 5,
      Template: 3,
      User: 13,
    });
  });

  it('refuses nothing', async () => {
    const report = await get('/api/catalog/.greenroom/ingestion');
    expect(report.refused).toEqual([]);
    expect(report.documentsSeen).toBe(entities.length);
    expect(report.entitiesServed).toBe(entities.length);
  });

  it('has no reference that points to nothing', () => {
    const known = new Set(entities.map(entity => entityRef(entity)));
    const found = entities.flatMap(entity =>
      referencesOf(entity).map(({ field, to }) => ({ from: entityRef(entity), field, to })),
    );
    expect(found.length).toBeGreaterThan(150);
    expect(found.filter(({ to }) => !known.has(to))).toEqual([]);
  });

  it('names a parent and its children on both sides', () => {
    const groups = entities.filter(({ kind }) => kind === 'Group');
    const pairs = (list: Array<[unknown, unknown]>) => list.map(pair => pair.join(' > ')).sort();
    const downwards = groups.flatMap(({ metadata, spec }) =>
      (spec!.children as string[]).map((child): [string, string] => [metadata.name, child]),
    );
    const upwards = groups.flatMap(({ metadata, spec }): Array<[unknown, string]> =>
      spec!.parent ? [[spec!.parent, metadata.name]] : [],
    );
    expect(pairs(downwards)).toEqual(pairs(upwards));
  });

  it('finds an entity by its name', async () => {
    const entity = await get('/api/catalog/entities/by-name/component/tour/tour-planner');
    expect(entity.spec.owner).toBe('default/tour-office');
  });

  it('tells on standard output what has started, how long it took, and where it listens', () => {
    const summary = backend.stdout();
    expect(summary).toMatch(
      /✓ catalog +started +[\d.]+ m?s +logs \([\d.]+ m?s\), scaffolder-entity-model \([\d.]+ m?s\)/,
    );
    expect(summary).toMatch(/Started 2 plugins in [\d.]+ m?s/);
    expect(summary).toMatch(/Listening +http:\/\/localhost:\d+/);
  });

  // Last, since nothing is left afterwards.
  it('ends on SIGINT with code 0', async () => {
    const begin = performance.now();
    backend.kill('SIGINT');
    const { code, signal, output } = await backend.exit;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(output).toMatch(/Stopped in \d+ ms/);
  });
});

function referencesOf({ spec = {}, metadata, relations = [] }: Entity): Array<{ field: string; to: string }> {
  const inSpec = Object.entries(references).flatMap(([field, kind]) =>
    [spec[field] ?? []].flat().map(ref => ({ field, to: fullRef(String(ref), kind, metadata.namespace) })),
  );
  return [...inSpec, ...relations.map(({ targetRef }) => ({ field: 'relations', to: targetRef }))];
}

function entityRef({ kind, metadata: { name, namespace } }: Entity): string {
  return fullRef(name, kind, namespace);
}

/** `[kind:][namespace/]name` in full, in lower case. */
function fullRef(ref: string, defaultKind = '', defaultNamespace = 'default'): string {
  const [, kind = defaultKind, namespace = defaultNamespace, name] = /^(?:(.+):)?(?:(.+)\/)?(.+)$/.exec(ref)!;
  return `${kind}:${namespace}/${name}`.toLowerCase();
}
