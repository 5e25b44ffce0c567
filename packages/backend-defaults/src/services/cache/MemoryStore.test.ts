// The bound and the expiry of the memory store.
import * as fc from 'fast-check';
import { MemoryStore } from './MemoryStore';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

// With keys of three letters, each entry takes 2 * (3 + 22) + 150 bytes.
const text = 'x'.repeat(22);
const entryBytes = 200;

it('pushes out what was not used for longest', async () => {
  const store = new MemoryStore({ maxBytes: 3 * entryBytes });
  await store.set('one', text);
  await store.set('two', text);
  await store.set('six', text);
  expect(store.bytes).toBe(3 * entryBytes);
  await store.get('one');
  await store.set('ten', text);
  expect(await store.get('two')).toBeUndefined();
  expect(await Promise.all(['one', 'six', 'ten'].map(key => store.get(key)))).toEqual([text, text, text]);
  expect(store.bytes).toBe(3 * entryBytes);
});

it('keeps exactly what was used last, whatever the order of calls', async () => {
  const key = fc.integer({ min: 0, max: 9 }).map(String);
  const call = fc.tuple(fc.constantFrom('get', 'set', 'delete'), key);
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 100 }), async calls => {
      const store = new MemoryStore({ maxBytes: 4 * 154 });
      let kept: string[] = [];
      for (const [name, at] of calls) {
        const known = kept.includes(at);
        if (name === 'set') await store.set(at, 'x');
        if (name === 'get') expect(await store.get(at)).toBe(known ? 'x' : undefined);
        if (name === 'delete') await store.delete(at);
        const others = kept.filter(other => other !== at);
        if (name === 'delete') kept = others;
        else if (name === 'set' || known) kept = [...others, at].slice(-4);
        expect(store.bytes).toBe(kept.length * 154);
      }
    }),
  );
});

it('counts what is replaced, removed and expired', async () => {
  const store = new MemoryStore({ maxBytes: 10 * entryBytes });
  await store.set('one', 'x');
  await store.set('one', text);
  expect(store.bytes).toBe(entryBytes);
  await store.set('two', text, 100);
  await store.delete('one');
  await store.delete('one');
  expect(store.bytes).toBe(entryBytes);
  jest.advanceTimersByTime(99);
  expect(await store.get('two')).toBe(text);
  jest.advanceTimersByTime(1);
  expect(await store.get('two')).toBeUndefined();
  expect(store.bytes).toBe(0);
});

it('forgets the old text when the new one is too large to keep', async () => {
  const store = new MemoryStore({ maxBytes: 2 * entryBytes });
  await store.set('one', text);
  await store.set('two', text);
  await store.set('one', 'x'.repeat(2 * entryBytes));
  expect(await store.get('one')).toBeUndefined();
  expect(await store.get('two')).toBe(text);
});

it('stays within its bound however much is set', async () => {
  const store = new MemoryStore({ maxBytes: 100_000 });
  for (let i = 0; i < 5_000; i++) {
    await store.set(`key ${i}`, 'x'.repeat(i % 97));
    expect(store.bytes).toBeLessThanOrEqual(100_000);
  }
  expect(store.bytes).toBeGreaterThan(99_000);
});

it('is empty once closed, and keeps its bound for whoever still uses it', async () => {
  const store = new MemoryStore({ maxBytes: 2 * entryBytes });
  for (const key of ['one', 'two', 'six']) await store.set(key, text);
  await store.close();
  expect(await store.get('six')).toBeUndefined();
  expect(store.bytes).toBe(0);
  for (const key of ['six', 'two', 'one']) await store.set(key, text);
  expect(await Promise.all(['six', 'two', 'one'].map(key => store.get(key)))).toEqual([
    undefined,
    text,
    text,
  ]);
});
