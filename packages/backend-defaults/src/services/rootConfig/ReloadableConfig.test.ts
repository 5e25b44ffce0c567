// Tests that readers, sections and subscribers see new content.
import type { JsonObject } from '@backstage/types';
import type { LoadedConfig } from './loadConfig';
import { ReloadableConfig } from './ReloadableConfig';

const loaded = (data: JsonObject, secrets: string[] = []): LoadedConfig => ({
  sources: [{ context: 'test.yaml', data }],
  secrets: new Set(secrets),
  files: new Set(),
});

describe('ReloadableConfig', () => {
  it('reads each kind of value', () => {
    const config = new ReloadableConfig(
      loaded({ a: { n: 1, b: true, s: 'x', l: ['p', 'q'], o: [{ k: 1 }], nothing: null } }),
    );
    expect(config.keys()).toEqual(['a']);
    expect(config.getNumber('a.n')).toBe(1);
    expect(config.getOptionalBoolean('a.b')).toBe(true);
    expect(config.getConfig('a').getString('s')).toBe('x');
    expect(config.getStringArray('a.l')).toEqual(['p', 'q']);
    expect(config.getConfigArray('a.o')[0]?.get('k')).toBe(1);
    expect(config.has('a.nothing')).toBe(false);
    expect(config.getOptionalConfig('none')).toBeUndefined();
    expect(config.getConfig('none').getConfig('x').getOptionalString('y')).toBeUndefined();
    expect(config.getConfig('none').keys()).toEqual([]);
    expect(() => config.getConfig('none').get()).toThrow("'none");
    expect(() => config.getConfig('none').getConfig('x').getString('y')).toThrow("'none.x.y'");
    expect(() => config.getConfig('a.s').getOptionalString('x')).toThrow("'a.s'");
    expect(() => config.getConfig('a').getNumber('s')).toThrow(
      "Unable to convert config value for key 'a.s' in 'test.yaml' to a number",
    );
  });

  it('shows new content through itself and through sections taken before', () => {
    const config = new ReloadableConfig(loaded({ a: { b: { c: 1 } } }, ['first secret']));
    const section = config.getConfig('a').getConfig('b');
    const optional = config.getOptionalConfig('a')!.getOptionalConfig('b')!;
    expect(section.getNumber('c')).toBe(1);

    config.replace(loaded({ a: { b: { c: 2 } } }, ['second secret']));
    expect(config.getNumber('a.b.c')).toBe(2);
    expect(section.getNumber('c')).toBe(2);
    expect(optional.getNumber('c')).toBe(2);
    expect([...config.secrets]).toEqual(['second secret']);

    config.replace(loaded({ other: 1 }));
    expect(section.getOptionalNumber('c')).toBeUndefined();
    expect(() => section.getNumber('c')).toThrow("Missing required config value at 'a.b.c'");

    config.replace(loaded({ a: { b: { c: 3 } } }));
    expect(section.getNumber('c')).toBe(3);
  });

  it('names no file where there is none', () => {
    const config = new ReloadableConfig({ ...loaded({}), sources: [] });
    expect(() => config.getString('a.b')).toThrow("Missing required config value at 'a.b' in 'any source'");
  });

  it('tells subscribers, of sections too, until they unsubscribe', () => {
    const config = new ReloadableConfig(loaded({ a: {} }));
    const seen: string[] = [];
    const listener = () => seen.push('root');
    const first = config.subscribe(listener);
    const second = config.subscribe(listener);
    config.getConfig('a').subscribe?.(() => seen.push('section'));

    config.replace(loaded({ a: {} }));
    expect(seen).toEqual(['root', 'root', 'section']);
    first.unsubscribe();
    second.unsubscribe();
    config.replace(loaded({ a: {} }));
    expect(seen).toEqual(['root', 'root', 'section', 'section']);
  });

  it('tells every subscriber even if one fails, and gives the errors back', () => {
    const config = new ReloadableConfig(loaded({ a: 1 }));
    const values: unknown[] = [];
    const error = new Error('cannot cope');
    config.subscribe(() => {
      throw error;
    });
    config.subscribe(() => values.push(config.get('a')));
    expect(config.replace(loaded({ a: 2 }))).toEqual([error]);
    expect(values).toEqual([2]);
  });
});
