// Tests that templates which mean harm get a clear error, and that the process and other templates go on.
import type { JsonObject } from '@backstage/types';
import { type RenderContext, TemplateRenderer } from './TemplateRenderer';
import { TemplatingExtensions } from './TemplatingExtensions';
import { validateParameters } from './validateParameters';

const extensions = new TemplatingExtensions().addBuiltins();
extensions.addTemplateFilters({ echo: value => value });
extensions.addTemplateGlobals({
  call: (...args) => args.length,
  reserved: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 1, "fine": 2}'),
});
// Short limits, and those of a small machine that has other things to do.
const renderer = new TemplateRenderer(extensions, { limits: { timeout: 3_000, memory: 128 }, size: 2 });
afterAll(() => renderer.close());
jest.setTimeout(120_000);

const big = 'a'.repeat(1_000_000);
const parameters: JsonObject = { name: 'n', big, list: Array.from({ length: 5_000 }, (_, index) => index) };
const context: RenderContext = { parameters, steps: {}, secrets: { token: 's3cret' } };

/** What it gives, or the code of its error. */
async function outcome(template: string): Promise<unknown> {
  return renderer.render(template, context, ['steps', 'a', 'input']).catch(error => {
    expect(error.message).toMatch(/^The template at steps\.a\.input/);
    return error.code;
  });
}

const run = 'return process.getBuiltinModule("child_process").execSync("id").toString()';
describe('reaching for the process', () => {
  it.each([
    '${{ range.constructor("RUN")() }}',
    '${{ cycler.constructor("RUN")() }}',
    '${{ joiner.constructor("RUN")() }}',
    '${{ joiner().constructor.constructor("RUN")() }}',
    '${{ "".constructor.constructor("RUN")() }}',
    '${{ [].constructor.constructor("RUN")() }}',
    '${{ [].map.constructor("RUN")() }}',
    '${{ ({}).constructor.constructor("RUN")() }}',
    '${{ ""["const" + "ructor"]["const" + "ructor"]("RUN")() }}',
    '${{ parameters["constructor"]["constructor"]("RUN")() }}',
    '${{ parameters | pick("constructor") }}',
    '${{ parameters | pick("__proto__") }}',
    '${{ [["constructor"]] | groupby("constructor") | dump }}',
    '${{ parameters.__proto__ }}',
    '${{ parameters["__proto__"] }}',
    '${{ parameters.__defineGetter__ }}',
    '${{ parameters.toString }}',
    '${{ parameters.hasOwnProperty("name") }}',
    '${{ call.constructor }}',
    '${{ call.call }}',
    '${{ call.bind }}',
    '${{ ("x" | echo).constructor }}',
    '{% set x = "".constructor %}${{ x }}',
    '{% macro m() %}${{ caller.constructor("RUN")() }}{% endmacro %}${{ m() }}',
    '{% for k, v in parameters.__proto__ %}${{ k }}{% endfor %}',
    '{% import "/etc/passwd" as x %}${{ x }}',
    '{% include "/etc/passwd" %}',
    '{% extends "/etc/passwd" %}',
    '{% from "/etc/passwd" import x %}',
    '${{ process.env }}${{ global }}${{ globalThis }}${{ require }}${{ module }}${{ self }}${{ this }}',
    '${{ env.opts }}${{ ctx }}${{ frame }}${{ runtime }}${{ cb }}',
    '${{ reserved.__proto__ }}',
  ])('%s reaches nothing', async template => {
    const result = await outcome(template.replaceAll('RUN', run.replaceAll('"', '\\"')));
    expect([undefined, '', '[]', 'GR_TEMPLATE_INVALID']).toContain(
      typeof result === 'string' && /^(\{"undefined":\[\["constructor"\]\]\})$/.test(result) ? '' : result,
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('sees values without the fields that could', async () => {
    expect(await renderer.render('${{ reserved }}', context)).toEqual({ fine: 2 });
    const steps = {
      a: { output: JSON.parse('{"constructor": 1, "b": {"__proto__": 2, "c": 3}}') as JsonObject },
    };
    expect(await renderer.render('${{ steps.a.output }}', { parameters: {}, steps })).toEqual({
      b: { c: 3 },
    });
  });

  it('gets neither the environment nor the arguments of the backend', async () => {
    process.env.GREENROOM_TEST_MARK = 'visible';
    expect(await outcome('${{ env }}${{ process }}')).toBeUndefined();
    delete process.env.GREENROOM_TEST_MARK;
  });
});

const limit = 'GR_TEMPLATE_LIMIT';
describe('going on for ever, or taking all memory', () => {
  it.each([
    ['a long loop', '{% for i in range(1000000000) %}x{% endfor %}', limit],
    ['loops in loops', `${'{% for i in range(9000) %}'.repeat(4)}x${'{% endfor %}'.repeat(4)}`, limit],
    ['a huge range', '${{ range(0, 1000000000) | length }}', limit],
    [
      'a list that grows while it is read',
      '{% set l = [1] %}{% for i in l %}{% set _ = l.push(1) %}{% endfor %}',
      limit,
    ],
    ['a macro that calls itself', '{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}', limit],
    ['a huge batch, which ends a process', '${{ [1] | batch(1000000000, "x") | length }}', limit],
    ['huge slices', '${{ [1] | slice(1000000000) | length }}', undefined],
    [
      'a text that doubles',
      `{% set x = "aaaaaaaaaa" %}${'{% set x = x + x %}'.repeat(60)}\${{ x | upper }}`,
      undefined,
    ],
    [
      'a list that doubles',
      `{% set x = [1, 2] %}${'{% set x = x.concat(x) %}'.repeat(60)}\${{ x | length }}`,
      undefined,
    ],
    ['a huge indent', '${{ "a\nb" | indent(1000000000) }}', undefined],
    ['a huge centre', '${{ "a" | center(1000000000) }}', undefined],
    ['a text put into itself', '${{ parameters.big | replace("", parameters.big) }}', undefined],
    ['much output', '{% for i in range(100000) %}${{ parameters.big }}{% endfor %}', limit],
    [
      'many slow filters',
      '{% for i in range(100000) %}{% set x = parameters.big | urlize | striptags | title %}{% endfor %}',
      limit,
    ],
    ['many calls back', '{% for i in range(100000) %}{% set x = 1 | echo %}{% endfor %}', limit],
    [
      'many calls with much',
      '{% for i in range(100000) %}{% set x = parameters.big | echo %}{% endfor %}',
      limit,
    ],
    [
      'a long search',
      '{% set x = "aaaaaaaaaaaaaaaa" %}{% for i in range(16) %}{% set x = x + x %}{% endfor %}{% for i in range(100000) %}{% if "b" in x %}{% endif %}{% endfor %}',
      undefined,
    ],
    [
      'a regular expression that never ends',
      `\${{ r/^(a+)+$/.test("${'a'.repeat(40)}b") }}`,
      'GR_TEMPLATE_INVALID',
    ],
    ['deep brackets', `\${{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`, undefined],
    ['a deep list', `\${{ ${'['.repeat(50_000)}${']'.repeat(50_000)} }}`, undefined],
    ['a long sum', `\${{ ${'1+'.repeat(300_000)}1 }}`, undefined],
    ['a huge template', `\${{ 1 }}${'x'.repeat(10_000_000)}`, limit],
    ['many tags', '{% if x %}'.repeat(100_000), undefined],
  ])('%s is stopped', async (_what, template, code) => {
    const result = await outcome(template);
    if (code) expect(result).toBe(code);
    else expect(['GR_TEMPLATE_INVALID', limit, undefined]).toContain(result);
    // The next template is none the worse for it.
    expect(await outcome('${{ parameters.name }}')).toBe('n');
  });

  it('names the field that is too much, and says what was', async () => {
    const failure = renderer.render({ a: 'x', b: '{% for i in range(100000000) %}{% endfor %}' }, context, [
      'steps',
      'a',
      'input',
    ]);
    await expect(failure).rejects.toThrow(
      /^The template at steps\.a\.input\.b, line 1, .* was stopped: .*work unit limit/,
    );
  });

  it('keeps no other template waiting', async () => {
    const hostile = outcome(
      '{% for i in range(100000) %}{% set x = parameters.big | urlize | striptags | title %}{% endfor %}',
    );
    let done = false;
    void hostile.then(() => (done = true));
    expect(await outcome('${{ parameters.name }}')).toBe('n');
    expect(done).toBe(false);
    expect(await hostile).toBe(limit);
  });

  it('runs a step for no more than 10,000 items', async () => {
    const list = Array.from({ length: 1_000_000 }, () => 1);
    await expect(renderer.expandEach(list, context, ['steps', 'a', 'each'])).rejects.toThrow(
      'steps.a.each gives 1000000 items, and a step is run 10000 times at most',
    );
    await expect(
      renderer.expandEach('${{ parameters.list }}', { parameters: { list }, steps: {} }, [
        'steps',
        'a',
        'each',
      ]),
    ).rejects.toThrow(/steps\.a\.each/);
    await expect(renderer.expandEach('${{ range(20000) }}', context)).rejects.toThrow('20000 items');
  });
});

describe('values of a form', () => {
  const form = (schema: JsonObject) => ({ parameters: schema as never });
  it.each(['__proto__', 'constructor', 'prototype'])('with the name %s are refused', async name => {
    const values = JSON.parse(`{"a": {"${name}": 1}}`) as JsonObject;
    const { errors } = await validateParameters(form({ properties: {} }), values, { renderer });
    expect(errors).toEqual([{ path: ['a', name], page: 0, message: 'has a name that is reserved' }]);
  });

  it('that are nested without end are refused', async () => {
    const values = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as JsonObject;
    const { errors } = await validateParameters(form({}), values, { renderer });
    expect(errors).toEqual([expect.objectContaining({ message: 'is nested more than 100 times' })]);
  });

  it('are checked in time even by a pattern that never ends', async () => {
    const schema = { properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const check = validateParameters(form(schema), { a: `${'a'.repeat(50)}!` }, { renderer });
    await expect(check).rejects.toMatchObject({
      code: limit,
      message: expect.stringContaining('parameters[0]'),
    });
  });

  it('are checked by schemas that refer to themselves, or to nowhere', async () => {
    const own = { properties: { a: { $ref: '#' } } };
    expect((await validateParameters(form(own), { a: { a: { a: {} } } }, { renderer })).errors).toEqual([]);
    const nowhere = { properties: { a: { $ref: 'https://example.com/evil.json' } } };
    await expect(validateParameters(form(nowhere), { a: 1 }, { renderer })).rejects.toMatchObject({
      code: 'GR_TEMPLATE_INVALID',
    });
  });
});
