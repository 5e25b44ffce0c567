// Tests that sources become one object as readers see it, and that each value is found in the source that won.
import { mergeSources } from './mergeSources';
import type { ConfigSource } from './readConfigSources';

const source = (context: string, data: object): ConfigSource => ({
  context,
  data: data as ConfigSource['data'],
  locate: path => ({ file: context, variable: path.join('.') }),
});

describe('mergeSources', () => {
  it('merges objects, replaces the rest, and leaves out what null takes away', () => {
    const { data } = mergeSources([
      source('a', { one: { x: 1, y: [1, 2] }, two: { deep: { z: 1 } }, three: 1 }),
      source('b', { one: { y: [3] }, two: null, three: { new: true } }),
    ]);
    expect(data).toEqual({ one: { x: 1, y: [3] }, three: { new: true } });
  });

  it('tells for each path the strongest source that has most of it', () => {
    const { locate } = mergeSources([
      source('weak', { one: { x: 1, y: 1 }, list: [{ a: 1 }] }),
      source('strong', { one: { y: 2 } }),
    ]);
    expect(locate(['one', 'x']).file).toBe('weak');
    expect(locate(['one', 'y']).file).toBe('strong');
    expect(locate(['one', 'missing']).file).toBe('strong');
    expect(locate(['list', 0, 'a']).file).toBe('weak');
    expect(locate(['nothing']).file).toBe('strong');
    expect(mergeSources([]).locate(['a'])).toEqual({});
  });

  it('takes keys that objects inherit for plain ones, and lets none of them lead out', () => {
    const { data } = mergeSources([
      source(
        'env',
        JSON.parse('{ "constructor": { "name": { "x": 1 } }, "__proto__": { "polluted": true } }'),
      ),
      source('more', JSON.parse('{ "a": { "__proto__": { "polluted": true } }, "toString": { "b": 1 } }')),
    ]);
    expect(JSON.stringify(data)).toBe('{"constructor":{"name":{"x":1}},"a":{},"toString":{"b":1}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((Object as { x?: number }).x).toBeUndefined();
  });
});
