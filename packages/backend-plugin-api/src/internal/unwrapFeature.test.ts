// Tests of taking features out of modules.
import { isFeature, unwrapFeature } from './unwrapFeature';

const feature = {
  $$type: '@backstage/BackendFeature',
  version: 'v1',
  featureType: 'loader',
  loader: () => [],
};

it.each([undefined, null, 'text', {}, { $$type: 'other' }, { default: feature }])(
  '%p is not a feature',
  value => {
    expect(isFeature(value)).toBe(false);
  },
);

describe('a feature is taken', () => {
  it.each<[string, unknown]>([
    ['as it is', feature],
    ['out of a module', { default: feature }],
    ['out of a module, also where it is a function', { default: Object.assign(() => {}, feature) }],
    ['out of a module that was wrapped twice', { default: { default: feature } }],
    ['as it is, also where it has a default of its own', { ...feature, default: { ...feature, loader: 1 } }],
  ])('%s', (_, value) => {
    expect({ ...(unwrapFeature(value) as object) }).toMatchObject(feature);
  });

  const wrapped = { default: { default: { default: feature } } };
  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['a text', 'text', 'text'],
    ['a module without a default', { a: 1 }, { a: 1 }],
    ['what stands as default', { default: 7 }, 7],
    ['a module whose default holds no feature', { default: { default: {} } }, { default: { default: {} } }],
    ['a module that is wrapped three times', wrapped, wrapped],
  ])('or the value is left as it is if it contains none: %s', (_, value, expected) => {
    expect(unwrapFeature(value)).toEqual(expected);
  });
});
