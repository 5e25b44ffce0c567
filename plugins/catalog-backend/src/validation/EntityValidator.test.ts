// Tests of what is an entity and what is not, and of how that is worded.
import { builtInKinds } from './builtInKinds';
import { EntityKinds } from './EntityKinds';
import { EntityValidator } from './EntityValidator';

const kinds = new EntityKinds(builtInKinds);
const validator = bothSteps(new EntityValidator(kinds));

function bothSteps(subject: EntityValidator) {
  return {
    async validate(value: unknown) {
      const entity = await subject.validateEnvelope(value);
      await subject.validateKind(entity);
      return entity;
    },
  };
}

const base = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'a' },
  spec: { type: 'service', lifecycle: 'production', owner: 'team' },
};
describe('EntityValidator', () => {
  it.each([
    ['API', { type: 'openapi', lifecycle: 'x', owner: 'o', definition: 'd' }],
    ['Component', base.spec],
    ['Domain', { owner: 'o' }],
    ['Group', { type: 'team', children: [] }],
    ['Location', { targets: [] }],
    ['Resource', { type: 'database', owner: 'o' }],
    ['System', { owner: 'o' }],
    ['User', { memberOf: [] }],
  ])('accepts the kind %s and fills in the namespace', async (kind, spec) => {
    const result = await validator.validate({ ...base, kind, spec });
    expect(result).toEqual({ ...base, kind, spec, metadata: { name: 'a', namespace: 'default' } });
  });

  it.each([
    ['a list', [], [], 'the document is a list'],
    ['text', 'x', [], 'the document is a string'],
    ['a foreign map', { a: 1 }, [], 'apiVersion and kind are missing'],
    ['a missing kind', { ...base, kind: undefined }, ['kind'], 'kind'],
    ['no name', { ...base, metadata: {} }, ['metadata'], 'metadata.name is missing'],
    ['a name that is a number', { ...base, metadata: { name: 1 } }, ['metadata', 'name'], 'must be string'],
    [
      'a bad name',
      { ...base, metadata: { name: 'a b' } },
      ['metadata', 'name'],
      'metadata.name is not valid',
    ],
    ['a bad tag', { ...base, metadata: { name: 'a', tags: ['x', 'B B'] } }, ['metadata', 'tags', '1'], 'B B'],
    [
      'a bad label',
      { ...base, metadata: { name: 'a', labels: { 'x.y/z': '- -' } } },
      ['metadata', 'labels', 'x.y/z'],
      '- -',
    ],
    [
      'an annotation with a slash',
      { ...base, metadata: { name: 'a', annotations: { 'a/b': 1 } } },
      ['metadata', 'annotations', 'a/b'],
      'must be string',
    ],
    ['a field too many', { ...base, relations: [] }, ['relations'], "the field 'relations' is not known"],
    [
      'an incomplete spec',
      { ...base, spec: { ...base.spec, owner: 3 } },
      ['spec', 'owner'],
      'must be string',
    ],
    [
      'a spec without type',
      { ...base, spec: { lifecycle: 'x', owner: 'y' } },
      ['spec'],
      'spec.type is missing',
    ],
    [
      'an unknown kind',
      { ...base, kind: 'Robot' },
      ['kind'],
      'this catalog knows API, Component, Domain, Group',
    ],
    ['a misspelled kind', { ...base, kind: 'component' }, ['kind'], "it is spelled 'Component'"],
    [
      'another version',
      { ...base, apiVersion: 'backstage.io/v1beta2' },
      ['apiVersion'],
      "knows 'Component' of backstage.io/v1alpha1",
    ],
  ])('refuses %s', async (_, value, path, reason) => {
    await expect(validator.validate(value)).rejects.toMatchObject({
      path,
      message: expect.stringContaining(reason),
    });
  });

  it('asks validators that modules add, and takes their message', async () => {
    const check = jest.fn(async () => {
      throw new Error('a robot needs oil');
    });
    const robots = { kind: 'Robot', apiVersions: ['acme/v1'], validator: { check } };
    const extended = bothSteps(new EntityValidator(new EntityKinds([...builtInKinds, robots])));
    const robot = { ...base, apiVersion: 'acme/v1', kind: 'Robot' };
    await expect(extended.validate(robot)).rejects.toMatchObject({ path: [], message: 'a robot needs oil' });
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('does not take the same kind twice', () => {
    expect(() => new EntityKinds([...builtInKinds, builtInKinds[1]!])).toThrow(
      "already has the kind 'Component' of 'backstage.io/v1alpha1'",
    );
  });
});
