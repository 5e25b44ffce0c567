// Tests of the parser: lines, broken documents beside good ones, and hostile input.
import { Alias } from 'yaml';
import { parseDocuments } from './parseDocuments';

const parse = (text: string) =>
  [...parseDocuments(text)].map(({ line, value, reason }) =>
    reason === undefined ? { line, value } : { line, reason },
  );

describe('parseDocuments', () => {
  it('gives each document with the line at which its content starts, and skips empty ones', () => {
    expect(parse('# top\n---\na: 1\n---\n---\n# nothing\n---\n\nb: [1]\n')).toEqual([
      { line: 3, value: { a: 1 } },
      { line: 9, value: { b: [1] } },
    ]);
    expect(parse('')).toEqual([]);
  });

  it('refuses a broken document at the line of the error and keeps its neighbours', () => {
    expect(parse('a: 1\n---\nb: [\n---\nc: 2\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 4, reason: expect.stringContaining('syntax error: Flow sequence') },
      { line: 5, value: { c: 2 } },
    ]);
  });

  it('reads JSON, indented by tabs as well', () => {
    expect(parse('{\n\t"a": {\n\t\t"b": [1, null, true]\n\t}\n}')).toEqual([
      { line: 1, value: { a: { b: [1, null, true] } } },
    ]);
  });

  it('reads lines that end in CR LF', () => {
    expect(parse('a: 1\r\nb: x\r\n---\r\nc: 3\r\n')).toEqual([
      { line: 1, value: { a: 1, b: 'x' } },
      { line: 4, value: { c: 3 } },
    ]);
  });

  it('finds the line of a value by its path', () => {
    const [document] = [
      ...parseDocuments('metadata:\n  name: x\n  tags:\n    - a\n    - b\nref: &r\n  deep: 1\nsame: *r\n'),
    ];
    expect(document?.lineOf(['metadata', 'name'])).toBe(2);
    expect(document?.lineOf(['metadata', 'tags', 1])).toBe(5);
    expect(document?.lineOf(['metadata', 'tags', '0'])).toBe(4);
    expect(document?.lineOf(['metadata', 'missing', 'x'])).toBe(1);
    expect(document?.lineOf(['same', 'deep'])).toBe(7);
    expect(document?.lineOf([])).toBe(1);
  });

  it('merges with <<', () => {
    expect(parse('x: &x {a: 1}\ny:\n  <<: *x\n  b: 2\n')).toEqual([
      { line: 1, value: { x: { a: 1 }, y: { a: 1, b: 2 } } },
    ]);
  });

  it.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', 2, 'Tabs are not allowed'],
    ['a key given twice', 'a:\n  b: 1\n  b: 2\n', 3, "the key 'b' is there twice"],
    ['a map as a key', 'a: 1\n? [x]\n: y\n', 2, 'a key must be plain text'],
    ['__proto__', 'a:\n  __proto__:\n    x: 1\n', 2, "a key must not be '__proto__'"],
    ['a value that contains itself', 'a: &a\n  - *a\n', 2, 'nested deeper'],
    ['a number without a form in JSON', 'a: 1\nb: .inf\n', 2, 'no form in JSON'],
    ['bytes', 'a: 1\nb: !!binary aGVsbG8=\n', 2, 'no form in JSON'],
    ['a NUL', 'a: 1\nb: "x\\0"\n', 2, 'NUL'],
    ['a NUL in a key', 'a: 1\n"x\\0": b\n', 2, 'NUL'],
    ['an alias of nothing', 'a: *nothing\n', 1, 'nothing'],
  ])('refuses %s', (_, text, line, reason) => {
    expect(parse(text)).toEqual([{ line, reason: expect.stringContaining(reason) }]);
  });

  it('refuses an alias bomb, be it made of many aliases or of few on something big', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i}: &l${i} [${Array(9).fill(i ? `*l${i - 1}` : 'x')}]`,
    );
    expect(parse(levels.join('\n'))).toEqual([{ line: 1, reason: expect.stringMatching(/alias/i) }]);

    const big = `big: &b ${'x'.repeat(1_000_000)}\nlist: [${Array(50).fill('*b').join(', ')}]`;
    expect(parse(big)).toEqual([
      { line: 1, reason: expect.stringContaining('too large when its aliases are expanded') },
    ]);

    const many = Array.from({ length: 1_001 }, (_, i) => `- &a${i} x\n- *a${i}`).join('\n');
    expect(parse(many)).toEqual([{ line: 2002, reason: expect.stringContaining('more than 1000 aliases') }]);
  });

  it.each([
    ['flow', '['.repeat(100_000)],
    ['compact', '- '.repeat(100_000)],
    ['block', Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('stops at endless %s nesting, keeping what came before', (_, text) => {
    expect(parse(`ok: 1\n---\n${text}`)).toEqual([
      { line: 1, value: { ok: 1 } },
      { line: expect.any(Number), reason: expect.stringContaining('nested deeper than 200 levels') },
    ]);
  });

  it('stops at a document of too many parts, which would fill the memory', () => {
    const listOf = (count: number) => `a: [${'x,'.repeat(count)}]\n`;
    const parsed = parse([listOf(200_000), listOf(200_000), listOf(400_000), 'b: 1'].join('---\n'));
    expect(parsed).toEqual([
      { line: 1, value: { a: expect.any(Array) } },
      { line: 3, value: { a: expect.any(Array) } },
      { line: 5, reason: expect.stringContaining('more than 1000000 keys, values, spaces and signs') },
    ]);
  });

  it('stops after fifty thousand documents', () => {
    const parsed = parse('a: 1\n---\n'.repeat(50_500));
    expect(parsed).toHaveLength(50_001);
    expect(parsed.at(-1)).toMatchObject({ reason: expect.stringContaining('more than 50000 documents') });
  });

  it('takes time in proportion to the size of a map', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: v`).join('\n');
    const begin = process.cpuUsage();
    expect(Object.keys(parse(keys)[0]?.value as object)).toHaveLength(50_000);
    // The parser's own check for duplicates takes 20 s here. Of the processor, which others may have meanwhile.
    expect(process.cpuUsage(begin).user).toBeLessThan(8_000_000);
  });

  it('looks for what aliases refer to once, not through the whole document for each of them', () => {
    const numbers = Array.from({ length: 70 }, (_, at) => at);
    const anchors = numbers.map(at => `  - &a${at} { key: v${at} }\n`).join('');
    const aliases = numbers.map(at => `  - *a${at}\n`).join('');
    const resolve = jest.spyOn(Alias.prototype, 'resolve');
    const [document] = parseDocuments(`a:\n${anchors}b:\n${aliases}`);
    // Where the parser itself resolves them, it remembers the anchors.
    expect(resolve.mock.calls.filter(([, memory]) => memory === undefined)).toEqual([]);
    expect(document!.value).toMatchObject({ b: { 69: { key: 'v69' } } });
    expect(document!.lines).toMatchObject({ '["b","69"]': 142, '["b","69","key"]': 71 });
  });
});
