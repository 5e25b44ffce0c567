// Tests what goes when the limit is reached.
import { BoundedEntries } from './BoundedEntries';

describe('bounded entries', () => {
  const keys = Array.from({ length: 100 }, (_, at) => `key ${at}`);

  it('let those go first that came first', () => {
    const entries = new BoundedEntries(100_000);
    for (const key of keys) entries.set(key, key, 5_000);
    const left = keys.filter(key => entries.get(key) === key);
    expect(left.length).toBeGreaterThan(15);
    expect(left.length).toBeLessThanOrEqual(20);
    expect(left).toEqual(keys.slice(-left.length));
  });

  it('count what was replaced or deleted no longer', () => {
    const entries = new BoundedEntries(100_000);
    entries.set('first', 1, 0);
    for (let round = 0; round < 50; round++) {
      entries.set('same', round, 10_000);
      entries.set('other', round, 10_000);
      entries.delete('other');
    }
    expect([entries.get('first'), entries.get('same'), entries.get('other')]).toEqual([1, 49, undefined]);
  });

  it('keep nothing that would put out most of the others, and count keys', () => {
    const entries = new BoundedEntries(100_000);
    entries.set('small', 1, 10);
    entries.set('large', 1, 20_000);
    entries.set('k'.repeat(10_000), 1, 0);
    expect(['small', 'large', 'k'.repeat(10_000)].map(key => entries.get(key))).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });

  it('forget what has grown too large', () => {
    const entries = new BoundedEntries(100_000);
    entries.set('grows', 1, 0);
    entries.set('grows', 1, 50_000);
    expect(entries.get('grows')).toBeUndefined();
  });
});
