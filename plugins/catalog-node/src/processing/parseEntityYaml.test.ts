// Tests of what a YAML file gives: entities, and errors with their lines.
import { parseEntityYaml } from './parseEntityYaml';

const location = { type: 'url', target: 'https://example.com/a.yaml' };
const parse = (text: string | Buffer, options?: Parameters<typeof parseEntityYaml>[2]) =>
  [...parseEntityYaml(text, location, options)].map(result => {
    expect(result).toMatchObject({ location });
    if (result.type === 'entity') return result.entity;
    if (result.type === 'error') return result.error.message;
    throw new Error(`It gave a ${result.type}`);
  });
const refusal = (line: number, reason: string) =>
  expect.stringMatching(
    new RegExp(`^url:https://example\\.com/a\\.yaml, line ${line}, is not YAML of an entity: .*${reason}`),
  );

it('gives each document, and an error for each that is broken', () => {
  const text = Buffer.from(
    '\uFEFFkind: A\nmetadata: { name: a }\n---\n# nothing\n---\nkind: [\n---\njust text\n---\n{"kind": "B", "date": 2020-01-01}\n',
  );
  expect(parse(text)).toEqual([
    { kind: 'A', metadata: { name: 'a' } },
    refusal(7, 'Flow sequence'),
    refusal(8, 'not an object'),
    { kind: 'B', date: '2020-01-01' },
  ]);
  expect(parse('')).toEqual([]);
});

it('merges maps where asked', () => {
  const text = 'base: &b { a: 1 }\nnext: { <<: *b, c: 2 }\n';
  expect(parse(text, { enableYamlMerge: true })).toEqual([{ base: { a: 1 }, next: { a: 1, c: 2 } }]);
  expect(parse(text)).toEqual([{ base: { a: 1 }, next: { '<<': { a: 1 }, c: 2 } }]);
  const twice = 'a: &a { a: 1 }\nb: &b { b: 2 }\nc:\n  <<: *a\n  <<: *b\n';
  expect(parse(twice, { enableYamlMerge: true })).toMatchObject([{ c: { a: 1, b: 2 } }]);
  expect(parse(twice)).toEqual([refusal(5, "the key '<<' is there twice")]);
});

it('refuses what is made to hurt', () => {
  const levels = Array.from(
    { length: 12 },
    (_, at) => `l${at}: &l${at} [${Array(9).fill(at ? `*l${at - 1}` : 'x')}]`,
  );
  expect(parse(`${levels.join('\n')}\n---\nkind: B\n`)).toEqual([refusal(1, 'alias'), { kind: 'B' }]);
  expect(parse('['.repeat(100_000)).at(-1)).toEqual(refusal(1, 'nested deeper than 200'));
  expect(parse(`kind: A\n---\nkind: ${'['.repeat(300)}`)).toEqual([
    { kind: 'A' },
    refusal(3, 'nested deeper than 200'),
  ]);
  expect(parse('a: 1\na: 2\n')).toEqual([refusal(2, "the key 'a' is there twice")]);
  expect(parse('? [a]\n: 1\n')).toEqual([refusal(1, 'a key must be plain text')]);
  parse('__proto__: { polluted: true }\nkind: A\n');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('needs a time that grows with the file for many keys, and refuses many aliases', () => {
  const numbers = Array.from({ length: 30_000 }, (_, at) => at);
  const begin = process.cpuUsage();
  const [{ k29999 }] = parse(numbers.map(at => `k${at}: v\n`).join('')) as any;
  expect(k29999).toBe('v');
  const anchors = numbers.map(at => `- &a${at} v\n`).join('');
  const aliases = numbers.map(at => `- *a${at}\n`).join('');
  expect(parse(`a:\n${anchors}b:\n${aliases}`)).toEqual([refusal(31_003, 'more than 1000 aliases')]);
  expect(process.cpuUsage(begin).user).toBeLessThan(8_000_000);
});
