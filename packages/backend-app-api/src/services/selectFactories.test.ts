// Tests of selecting factories: precedence, conflicts, and the order of multitons.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { selectFactories, type ServiceOrigin, type SourcedFactory } from './selectFactories';

const strongestFirst: ServiceOrigin[] = [
  'added',
  'services',
  'environment',
  'loader',
  'default',
  'reference',
];

function factory(origin: ServiceOrigin, source: string, { id = 'a', multiton = false } = {}): SourcedFactory {
  const service = { id, multiton, scope: 'root' };
  return { factory: { service } as unknown as InternalServiceFactory, origin, source };
}
function selected(...factories: SourcedFactory[]) {
  const { selected: byId, problems } = selectFactories(factories);
  return {
    winners: Object.fromEntries([...byId].map(([id, all]) => [id, all.map(({ source }) => String(source))])),
    conflicts: problems.map(({ fields }) => fields),
  };
}

describe('of the factories for one service', () => {
  const pairs = strongestFirst.flatMap((strong, at) =>
    strongestFirst.slice(at + 1).map(weak => [strong, weak] as const),
  );
  it.each(pairs)('%s wins over %s, whichever comes first', (strong, weak) => {
    const [one, two] = [factory(strong, 'strong'), factory(weak, 'weak')];
    expect(selected(one, two)).toEqual({ winners: { a: ['strong'] }, conflicts: [] });
    expect(selected(two, one)).toEqual({ winners: { a: ['strong'] }, conflicts: [] });
  });

  it('the later default wins, and other services are none of its business', () => {
    const other = factory('default', 'other', { id: 'b' });
    expect(selected(factory('default', 'one'), other, factory('default', 'two'))).toEqual({
      winners: { a: ['two'], b: ['other'] },
      conflicts: [],
    });
  });

  it.each(['added', 'services', 'environment', 'loader'] as const)(
    'two of the rank %s are a conflict',
    origin => {
      const [one, two] = [factory(origin, 'one'), factory(origin, 'two')];
      const conflict = { subject: "service 'a'", first: 'one', second: 'two' };
      expect(selected(one, two)).toEqual({ winners: { a: ['one'] }, conflicts: [conflict] });
    },
  );

  it("two of equal rank don't conflict if a stronger one decides", () => {
    const [one, two] = [factory('loader', 'one'), factory('loader', 'two')];
    expect(selected(one, two, factory('added', 'mine'))).toEqual({
      winners: { a: ['mine'] },
      conflicts: [],
    });
  });
});

it('a multiton has all of them: defaults, the environment, the option, then as they were added', () => {
  const many = (origin: ServiceOrigin, source: string) => factory(origin, source, { multiton: true });
  const all = [
    many('added', 'added 1'),
    many('loader', 'loaded'),
    many('services', 'option'),
    many('added', 'added 2'),
    many('environment', 'environment'),
    many('default', 'default 1'),
    many('default', 'default 2'),
  ];
  expect(selected(...all)).toEqual({
    winners: {
      a: ['default 1', 'default 2', 'environment', 'option', 'added 1', 'loaded', 'added 2'],
    },
    conflicts: [],
  });
});
