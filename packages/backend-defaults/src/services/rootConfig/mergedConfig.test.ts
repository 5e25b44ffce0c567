// Tests by properties that files merge as documented: objects merge, everything else replaces, null removes.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@backstage/types';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadConfig } from './loadConfig';
import { ReloadableConfig } from './ReloadableConfig';

const key = fc.constantFrom('a', 'b', 'c');
const primitive = fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom('x', 'y', ''), fc.constant(null));
const { value } = fc.letrec<{ value: JsonValue; object: JsonObject }>(tie => ({
  value: fc.oneof({ maxDepth: 3 }, primitive, fc.array(fc.integer(), { maxLength: 2 }), tie('object')),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));
const file = fc.dictionary(key, value, { minKeys: 1, maxKeys: 3 });

function isObject(item: JsonValue | undefined): item is JsonObject {
  return typeof item === 'object' && item !== null && !Array.isArray(item);
}

function merge(weak: JsonValue | undefined, strong: JsonValue | undefined): JsonValue | undefined {
  if (strong === undefined) return weak;
  if (!isObject(weak) || !isObject(strong)) return strong;
  const keys = new Set([...Object.keys(weak), ...Object.keys(strong)]);
  return Object.fromEntries([...keys].map(name => [name, merge(weak[name], strong[name])]));
}

function leafPaths(item: JsonValue | undefined, path: string[] = []): Array<[string, JsonValue]> {
  if (isObject(item))
    return Object.entries(item).flatMap(([name, inner]) => leafPaths(inner, [...path, name]));
  return item === undefined ? [] : [[path.join('.'), item]];
}

function withoutNull(item: JsonValue | undefined): unknown {
  if (!isObject(item)) return item ?? undefined;
  const entries = Object.entries(item).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutNull(inner)]));
}

describe('the merged configuration', () => {
  let root: string;
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-merge-')));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('has at each path the value of the strongest file that says anything about it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), async files => {
        const argv = files.flatMap((data, index) => {
          const path = join(root, `${index}.yaml`);
          writeFileSync(path, stringify(data));
          return ['--config', path];
        });
        const config = new ReloadableConfig(await loadConfig({ argv, cwd: root, env: {} }));
        const expected = files.reduce<JsonValue | undefined>(merge, undefined);
        expect(config.getOptional()).toEqual(withoutNull(expected));
        for (const [path, wanted] of leafPaths(expected)) {
          expect(config.has(path)).toBe(wanted !== null);
          expect(config.getOptional(path)).toEqual(wanted ?? undefined);
        }
      }),
      { numRuns: 100 },
    );
  });
});
