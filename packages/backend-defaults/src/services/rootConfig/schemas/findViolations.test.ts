// Tests the search for violations where it has more to say than a report could show.
import type { ConfigSchema } from './ConfigSchema';
import { findViolations } from './findViolations';

it('finds what is meant among more mistakes than a call can have arguments', async () => {
  const wrong = 150_000;
  const forms: ConfigSchema[] = [
    { type: 'array', items: { type: 'object' } },
    { type: 'array', maxItems: 1 },
  ];
  const schema = { type: 'object', properties: { list: { anyOf: forms } } };
  const data = { list: Array.from({ length: wrong }, () => 'text') };
  const found = await findViolations(data, [{ packageName: 'shop', schema: schema as never }]);
  expect(found.unusable).toEqual([]);
  expect(found.violations).toHaveLength(wrong);
}, 60_000);

it('finds what is wrong with keys that a schema does not name', async () => {
  const schema = { type: 'object', patternProperties: { '^shop-': { type: 'string' } } };
  const { violations } = await findViolations({ 'shop-one': 1 }, [{ packageName: 'shop', schema }]);
  expect(violations).toMatchObject([{ path: ['shop-one'], keyword: 'type' }]);
});
