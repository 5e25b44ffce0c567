// What the configuration of the catalog may be.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readCatalogSettings } from './readCatalogSettings';

const read = (catalog: JsonObject) => readCatalogSettings(new ConfigReader({ catalog }));

it.each([
  [5_000, 5_000],
  ['5000', 5_000],
  ['5s', 5_000],
  [{ minutes: 1 }, 60_000],
  [false, undefined],
  ['false', undefined],
])('takes %j as interval', (processingInterval, expected) => {
  expect(read({ processingInterval }).processingIntervalMs).toBe(expected);
});

it('takes switches and numbers of processors and providers as variables have them', () => {
  const { disabled, priorities } = read({
    processorOptions: { One: { disabled: true, priority: 10 }, Two: { disabled: 'true', priority: '20' } },
    providerOptions: { three: { disabled: 'false' }, four: {} },
  });
  expect([...disabled]).toEqual(['One', 'Two']);
  expect(Object.fromEntries(priorities)).toEqual({ One: 10, Two: 20 });
  expect(() => read({ processorOptions: { One: { priority: 'high' } } })).toThrow(
    'catalog.processorOptions.One.priority',
  );
});
