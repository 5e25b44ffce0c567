// Tests of taking features out of modules and telling what kind they are.
import { EngineError } from '../errors';
import { checkFeature, unwrapFeature } from './checkFeature';

const marker = { $$type: '@backstage/BackendFeature', version: 'v1' };
const feature = { ...marker, featureType: 'loader', loader: () => [] };
const found = (value: unknown) => {
  const checked = checkFeature(value, 'here');
  return checked instanceof EngineError
    ? [checked.code, (checked.fields as { found: string }).found]
    : checked;
};

describe('a feature is taken', () => {
  it.each<[string, unknown]>([
    ['as it is', feature],
    ['out of a module', { default: feature }],
    ['out of a module that was wrapped twice', { default: { default: feature } }],
    ['as it is, also where it has a default of its own', { ...feature, default: { ...feature, loader: 1 } }],
  ])('%s', (_, value) => {
    expect(unwrapFeature(value)).toMatchObject(feature);
  });

  it.each<[string, unknown, unknown]>([
    ['nothing', undefined, undefined],
    ['a text', 'text', 'text'],
    ['a module without a default', { a: 1 }, { a: 1 }],
    ['what stands as default', { default: 7 }, 7],
    ['a module whose default holds no feature', { default: { default: {} } }, { default: { default: {} } }],
    ['a module that is wrapped three times', ...twice({ default: { default: { default: feature } } })],
  ])('or left as it is found: %s', (_, value, expected) => {
    expect(unwrapFeature(value)).toEqual(expected);
  });
});

function twice(value: unknown): [unknown, unknown] {
  return [value, value];
}

describe('a feature is', () => {
  it('given back itself where it names its type, also where it is a function', () => {
    expect(checkFeature(feature, 'here')).toBe(feature);
    const callable = Object.assign(() => {}, feature);
    expect(checkFeature(unwrapFeature({ default: callable }), 'here')).toBe(callable);
  });

  it.each<[string, object]>([
    ['registrations', { ...marker, getRegistrations: () => [] }],
    ['service', { ...marker, service: { id: 'a' }, factory: () => 1 }],
  ])('told by its fields where it does not: %s', (featureType, older) => {
    expect(checkFeature(Object.freeze(older), 'here')).toMatchObject({ ...older, featureType });
  });

  it.each<[string, unknown, string, string]>([
    ['without a marker', { featureType: 'loader' }, 'GR_FEATURE_INVALID', 'an object with featureType'],
    ['with neither type nor fields', { ...marker }, 'GR_FEATURE_UNSUPPORTED', "feature type 'undefined'"],
    ['of another version', { ...feature, version: 2 }, 'GR_FEATURE_UNSUPPORTED', "it claims version '2'"],
    [
      'with a broken field',
      { ...feature, loader: 1 },
      'GR_FEATURE_UNSUPPORTED',
      "its 'loader' is the number 1",
    ],
  ])('refused %s', (_, value, code, why) => {
    expect(found(value)).toEqual([code, expect.stringContaining(why)]);
  });
});
