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
