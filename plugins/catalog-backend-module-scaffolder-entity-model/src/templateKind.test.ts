// Tests of what is a template and what is not.
import type { Entity } from '@backstage/catalog-model';
import { templateKind } from './templateKind';

const template = (spec: object): Entity => ({
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: { name: 't' },
  spec: { type: 'service', ...spec } as Entity['spec'],
});
const steps = [{ action: 'debug:log', input: {} }];

describe('templateKind', () => {
  it.each([
    ['one page of parameters', { steps, parameters: { title: 'a' } }],
    [
      'several pages',
      { steps, parameters: [{ title: 'a' }, { title: 'b' }], owner: 'team', output: { links: [] } },
    ],
    ['steps that are conditional and repeated', { steps: [{ action: 'a', if: '${{ x }}', each: [1, 2] }] }],
  ])('accepts %s', async (_, spec) => {
    expect(await templateKind.validator.check(template(spec))).toBe(true);
  });

  it.each([
    ['without steps', {}, "/spec must have required property 'steps'"],
    ['with a step without action', { steps: [{}] }, "/spec/steps/0 must have required property 'action'"],
    ['with parameters that are text', { steps, parameters: 'x' }, '/spec/parameters must be'],
  ])('refuses one %s', async (_, spec, reason) => {
    await expect(templateKind.validator.check(template(spec))).rejects.toThrow(reason);
  });

  it('relates a template to its owner', () => {
    expect(templateKind.relations).toEqual([
      { field: 'owner', type: 'ownedBy', inverse: 'ownerOf', defaultKind: 'Group' },
    ]);
  });
});
