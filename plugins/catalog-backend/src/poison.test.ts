// Tests that nothing a document, a module or a provider brings keeps the catalog from processing the rest.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  catalogProcessingExtensionPoint,
  type CatalogProcessor,
  type EntityProviderConnection,
  processingResult,
} from '@greenroom/plugin-catalog-node';
import { createModule, eventually } from '@greenroom/testing';
import { CatalogPlace, clients, component, entity } from './testing/startTestCatalog';

/** Text that PostgreSQL can't compress, and so can't index beyond some 2,700 bytes. */
const random = (length: number) => randomBytes(length).toString('hex').slice(0, length);
const wide = Array.from({ length: 1_000 }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)));

/** What is wrong with each document, by its reason; `undefined` if nothing is. */
const documents: Array<[document: object, reason: RegExp | undefined]> = [
  [component(random(5_000)), /can't be stored/],
  [component('a\ud800'), /can't be stored/],
  [component('long-owner', { owner: `group:default/${random(5_000)}` }), /can't be stored/],
  [component('two', { dependsOn: [`component:${random(1_500)}/${random(1_500)}`] }), /can't be stored/],
  [component('half-owner', { owner: 'group:a\ud800' }), /can't be stored/],
  [component('half', { 'x\ud800': 'y', 'x\ud801': 'z' }, { title: 'A\ud800' }), undefined],
  [component('wide', { [random(5_000)]: random(5_000), ['ŉ'.repeat(200)]: 'İ'.repeat(200) }), undefined],
  [component('escape', {}, { description: String.raw`[^\u0000]` }), undefined],
  [entity('Location', 'far', { target: `./${random(200)}/${random(5_000)}` }), /is outside of/],
];

const self = { kind: 'Component', namespace: 'default', name: 'self' };
const relation = (type: unknown, target: unknown) =>
  processingResult.relation({ source: self, type: type as string, target: target as typeof self });
const emits =
  (...[result]: Parameters<Parameters<NonNullable<CatalogProcessor['postProcessEntity']>>[2]>) =>
  async (given: any, _: unknown, emit: (emitted: typeof result) => void) => {
    emit(result);
    return given;
  };
const adds = (change: object) => async (given: object) => ({ ...given, ...change });
const throws = (error: unknown) => async () => {
  throw error;
};
const circle: Record<string, unknown> = {};
circle.self = circle;
const at = { type: 'url', target: 'https://example.com/a' };

/** The last step of a module, and whether the entity is accepted. */
const steps: Array<[step: (...args: any) => Promise<unknown>, isAccepted?: boolean]> = [
  ...[undefined, null, 'text', {}].map((error): [any] => [throws(error)]),
  [emits(relation('x', undefined))],
  [emits(relation('x', { kind: 'a' }))],
  [emits(relation('x', { ...self, name: 'a\0b' }))],
  [emits(relation('x', { ...self, name: 5 }))],
  [emits(relation(undefined, self))],
  [emits(relation('x\0', self))],
  [emits(relation(random(5_000), self))],
  [emits(processingResult.refresh(undefined as never))],
  [emits(processingResult.refresh(5 as never))],
  [emits(processingResult.refresh('a\0b')), true],
  [emits(processingResult.refresh(random(5_000))), true],
  [emits(processingResult.refresh(wide.join(''))), true],
  [emits({ type: 'error', location: at, error: undefined as never }), true],
  [emits(processingResult.entity(at, component(random(5_000)) as never)), true],
  [emits(processingResult.entity(at, component('child-a') as never, { locationKey: 'a\0' })), true],
  [emits(processingResult.entity({ type: 'url', target: 'a\0' }, component('child-b') as never)), true],
  [adds({ spec: { text: 'a\0b' } })],
  [adds({ spec: { big: 5n } })],
  [adds({ spec: circle })],
  [adds({ metadata: null })],
  [adds({ metadata: { name: 'other' } })],
  [adds({ kind: undefined })],
  [async () => undefined],
  [async (given, _, _emit, cache) => (await cache.set('a', 5n), given)],
];

it.each(clients)('serves what is fine, and refuses the rest, on %s', async client => {
  const place = await CatalogPlace.create(client);
  try {
    let connection!: EntityProviderConnection;
    const odd = createModule('catalog', 'odd', {
      deps: { processing: catalogProcessingExtensionPoint },
      async init({ processing }) {
        processing.addEntityProvider({
          getProviderName: () => 'odd',
          connect: async given => void (connection = given),
        });
        processing.addProcessor({
          getProcessorName: () => 'odd',
          async postProcessEntity(given, ...rest) {
            const [, step] = /^step-(\d+)$/.exec(given.metadata.name) ?? [];
            return step === undefined ? given : ((await steps[Number(step)]![0](given, ...rest)) as never);
          },
        });
      },
    });
    const files = Object.fromEntries(
      documents.map(([document], index) => [`document-${index}.yaml`, document]),
    );
    await place.write({ ...files, 'steps.yaml': steps.map((_, index) => component(`step-${index}`)) });
    const started = await place.start(
      { locations: [{ type: 'file', target: join(place.folder, '*.yaml') }] },
      odd,
    );

    for (const given of [
      component(random(5_000)),
      component('b\ud800'),
      { ...component('c'), spec: circle },
    ]) {
      const entities = [{ entity: given as never }];
      await expect(connection.applyMutation({ type: 'full', entities })).rejects.toThrow(TypeError);
    }
    const keyed = { entity: component('d') as never, locationKey: 'a\0' };
    await expect(connection.applyMutation({ type: 'full', entities: [keyed] })).rejects.toThrow(TypeError);
    const annotations = { 'backstage.io/managed-by-location': 'url:https://example.com' };
    await connection.applyMutation({
      type: 'full',
      entities: [{ entity: component('given', {}, { annotations }) as never }],
    });

    for (const target of [random(5_000), '\ud800']) {
      const body = { type: 'url', target: `https://example.com/${target}` };
      expect((await started.request('/locations', { method: 'POST', body })).status).toBe(400);
    }

    const accepted = steps.flatMap(([, isAccepted], index) => (isAccepted ? [`step-${index}`] : []));
    await eventually(async () => {
      const { items } = await started.client.getEntities({ filter: { kind: 'component' } }, started.options);
      expect(items.map(({ metadata }) => metadata.name).sort()).toEqual(
        ['escape', 'given', 'half', 'wide', ...accepted].sort(),
      );
    });
    const { body } = await started.request('/.greenroom/ingestion');
    const refused = body.refused as Array<{ file: string; line?: number; reason: string }>;
    for (const [index, [, reason]] of documents.entries()) {
      const own = refused.filter(({ file }) => file.endsWith(`document-${index}.yaml`));
      expect(own).toEqual(
        reason ? [expect.objectContaining({ line: 1, reason: expect.stringMatching(reason) })] : [],
      );
    }
    expect(started.lines.filter(line => line.startsWith('error'))).toEqual([]);
  } finally {
    await place.remove();
  }
});
