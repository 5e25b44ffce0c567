// Tests of recognising features and their types.
import { EngineError } from '../errors';
import { openFeature } from './openFeature';

const marker = { $$type: '@backstage/BackendFeature', version: 'v1' };
const feature = { ...marker, featureType: 'loader', loader: () => [] };
const found = (value: unknown) => {
  const checked = openFeature(value, 'here');
  return checked instanceof EngineError
    ? [checked.code, (checked.fields as { found: string }).found]
    : checked;
};

describe('a feature is', () => {
  it('returned unchanged if it names its type, even if it is a function', () => {
    expect(openFeature(feature, 'here')).toBe(feature);
    const callable = Object.assign(() => {}, feature);
    expect(openFeature(callable, 'here')).toBe(callable);
  });

  it.each<[string, object]>([
    ['registrations', { ...marker, getRegistrations: () => [] }],
    ['service', { ...marker, service: { id: 'a' }, factory: () => 1 }],
  ])('recognised by its fields if it does not: %s', (featureType, older) => {
    expect(openFeature(Object.freeze(older), 'here')).toMatchObject({ ...older, featureType });
  });

  it.each<[string, unknown, string, string]>([
    ['without a marker', { featureType: 'loader' }, 'GR_FEATURE_INVALID', 'an object with featureType'],
    ['with neither type nor fields', { ...marker }, 'GR_FEATURE_UNSUPPORTED', 'no feature type'],
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
