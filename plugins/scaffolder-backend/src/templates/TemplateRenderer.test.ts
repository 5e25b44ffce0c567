// Tests of the template language in the values of templates: types, conditions, loops, filters, errors with their places.
import { ConfigReader } from '@backstage/config';
import type { JsonValue } from '@backstage/types';
import { createTemplateFilter, createTemplateGlobalFunction } from '@greenroom/plugin-scaffolder-node';
import { type RenderContext, TemplateRenderer } from './TemplateRenderer';
import { TemplatingExtensions } from './TemplatingExtensions';

const extensions = new TemplatingExtensions();
extensions.addTemplateFilters({ shout: text => `${text}!` });
extensions.addTemplateFilters([
  createTemplateFilter({
    id: 'times',
    description: 'Repeats a text',
    schema: z => z.function(z.tuple([z.string(), z.number()]), z.string()),
    filter: (text, count) => text.repeat(count),
  }),
]);
extensions.addTemplateFilters({
  circle: () => {
    const circle: { [name: string]: JsonValue } = {};
    circle.again = circle;
    return circle;
  },
});
extensions.addTemplateGlobals({ house: 'Copperlight', seats: () => 420 });
extensions.addTemplateGlobals([
  createTemplateGlobalFunction({ id: 'fail', fn: () => { throw new Error('the stage is closed'); } }), // prettier-ignore
  { id: 'season', value: { year: 2026 }, description: 'Of the shows' },
]);
extensions.addBuiltins(
  new ConfigReader({
    integrations: { azure: [{ host: 'dev.azure.com' }], gerrit: [{ host: 'g.example.com' }] },
  }),
);
const renderer = new TemplateRenderer(extensions);
afterAll(() => renderer.close());

it('blames no template where the backend stops', async () => {
  const stopping = new TemplateRenderer(extensions);
  expect(await stopping.render('${{ 1 + 1 }}', context, [])).toBe(2);
  const rendering = stopping.render('${{ 1 + 2 }}', context, []);
  stopping.close();
  await expect(rendering).rejects.toMatchObject({
    name: 'ServiceUnavailableError',
    message: 'The backend is stopping, and renders no templates any more',
  });
});

it('starts no process once it is closed, for those that wait nor for those that come', async () => {
  const closed = new TemplateRenderer(extensions);
  const render = (number: number) => closed.render(`\${{ 1 + ${number} }}`, context, []);
  // Two of them have a process, which is still starting.
  const renderings = [1, 2, 3, 4].map(render);
  closed.close();
  const outcomes = await Promise.allSettled([...renderings, render(5)]);
  const refused = {
    status: 'rejected',
    reason: expect.objectContaining({ name: 'ServiceUnavailableError' }),
  };
  expect(outcomes).toEqual([refused, refused, refused, refused, refused]);
});

const context: RenderContext = {
  parameters: {
    name: 'seats',
    count: 3,
    on: true,
    off: false,
    none: null,
    list: ['a', 'b'],
    object: { a: { b: 'c' } },
    'with-dash': 'd',
    repoUrl: 'github.com?owner=acme&repo=site',
    owner: 'group:default/digital',
  },
  steps: { 'fetch-it': { output: { url: 'https://x', size: 12 } }, fetch: { output: { list: [1] } } },
  user: { ref: 'user:default/ida', entity: { metadata: { name: 'ida' } } as never },
  secrets: { token: 's' },
  context: { task: { id: 'task-1' } },
  each: { key: 'k', value: { deep: 1 } },
};

const cases: Array<[string, JsonValue | undefined]> = [
  ['plain', 'plain'],
  ['', ''],
  ['{"a": 1}', '{"a": 1}'],
  ['$ { {x} }', '$ { {x} }'],
  ['${{ parameters.name }}', 'seats'],
  ['a ${{ parameters.name }} b', 'a seats b'],
  ['${{ parameters.count }}', 3],
  ['n=${{ parameters.count }}', 'n=3'],
  ['${{ parameters.on }}', true],
  ['${{ parameters.off }}', false],
  ['${{ parameters.none }}', null],
  ['${{ parameters.list }}', ['a', 'b']],
  ['${{ parameters.object }}', { a: { b: 'c' } }],
  ['${{ parameters.object.a.b }}', 'c'],
  ['${{ parameters["with-dash"] }}', 'd'],
  ['${{ parameters.missing }}', undefined],
  ['${{ parameters.missing.deeper }}', undefined],
  ['x${{ parameters.missing }}y', 'xy'],
  ['${{ parameters.missing or "other" }}', 'other'],
  ['${{ parameters.missing | default("d") }}', 'd'],
  ['${{ steps["fetch-it"].output.url }}', 'https://x'],
  ['${{ steps.fetch.output.list }}', [1]],
  ['${{ user.ref }} ${{ user.entity.metadata.name }}', 'user:default/ida ida'],
  ['${{ secrets.token }}', 's'],
  ['${{ context.task.id }}', 'task-1'],
  ['${{ each.key }}=${{ each.value.deep }}', 'k=1'],
  ['${{ 1 + 2 }}', 3],
  ['${{ parameters.count > 2 and not parameters.off }}', true],
  ['${{ "yes" if parameters.on else "no" }}', 'yes'],
  ['${{ "a" in parameters.list }}', true],
  ['${{ parameters.list | length }}', 2],
  ['${{ parameters.list | join("-") }}', 'a-b'],
  ['${{ parameters.object | dump }}', '{"a":{"b":"c"}}'],
  ['${{ parameters.name | upper | replace("S", "$") }}', '$EAT$'],
  ['${{ parameters.name === "seats" }}', true],
  ['{% if parameters.on %}on{% else %}off{% endif %}', 'on'],
  ['{% for item in parameters.list %}<${{ item }}>{% endfor %}', '<a><b>'],
  ['{% set x = parameters.count * 2 %}${{ x }}', '6'],
  ['{% if parameters.on %}${{ parameters.count }}{% endif %}', 3],
  ['{% if parameters.off %}x{% endif %}', undefined],
  ['{# a note #}text', 'text'],
  ['{% raw %}${{ kept }}{% endraw %}', '${{ kept }}'],
  ['${{ [1, "a", { b: parameters.count }] }}', [1, 'a', { b: 3 }]],
  ['${{ parameters.repoUrl | parseRepoUrl }}', { host: 'github.com', owner: 'acme', repo: 'site' }],
  ['${{ (parameters.repoUrl | parseRepoUrl).repo }}', 'site'],
  ['${{ parameters.repoUrl | parseRepoUrl | pick("owner") }}', 'acme'],
  [
    '${{ "dev.azure.com?organization=o&project=p&repo=r" | parseRepoUrl }}',
    { host: 'dev.azure.com', organization: 'o', project: 'p', repo: 'r' },
  ],
  ['${{ "g.example.com?repo=r" | parseRepoUrl }}', { host: 'g.example.com', repo: 'r' }],
  ['${{ parameters.repoUrl | projectSlug }}', 'acme/site'],
  ['${{ parameters.owner | parseEntityRef }}', { kind: 'group', namespace: 'default', name: 'digital' }],
  [
    '${{ "digital" | parseEntityRef({ defaultKind: "group", defaultNamespace: "n" }) | pick("namespace") }}',
    'n',
  ],
  [
    '${{ { name: "digital" } | parseEntityRef({ defaultKind: "group" }) }}',
    { kind: 'group', namespace: 'default', name: 'digital' },
  ],
  ['${{ parameters.repoUrl | parseRepoUrl | dump }}', '{"host":"github.com","owner":"acme","repo":"site"}'],
  ['${{ parameters.object | pick("constructor") }}', undefined],
  ['${{ parameters.name | shout }}', 'seats!'],
  ['${{ parameters.name | times(2) }}', 'seatsseats'],
  ['${{ house }} ${{ seats() }} ${{ season.year }}', 'Copperlight 420 2026'],
];

it.each(cases)('renders %s', async (template, expected) => {
  expect(await renderer.render(template, context)).toEqual(expected);
});

it('renders every string of a value; fields that give nothing are left out, names stay as they are', async () => {
  const value = {
    first: '${{ parameters.missing }}',
    '${{ key }}': [
      '${{ parameters.missing }}',
      '${{ parameters.count }}',
      { deep: '${{ parameters.list }}' },
    ],
    last: 4,
    nothing: null,
  };
  const rendered = await renderer.render(value, context);
  expect(rendered).toEqual({ '${{ key }}': [null, 3, { deep: ['a', 'b'] }], last: 4, nothing: null });
  expect(Object.keys(rendered as object)).toEqual(['${{ key }}', 'last', 'nothing']);
});

it.each([
  [undefined, true],
  [true, true],
  [false, false],
  ['${{ parameters.on }}', true],
  ['${{ parameters.off }}', false],
  ['${{ parameters.missing }}', false],
  ['${{ parameters.none }}', false],
  ['${{ parameters.list | length > 5 }}', false],
  ['${{ [] }}', false],
  ['${{ parameters.list }}', true],
  ['${{ parameters.off }} ', false],
  ['{% if parameters.off %}x{% endif %}', false],
  ['${{ 0 }}', false],
  ['${{ parameters.name === "seats" }}', true],
])('finds the condition %j %s', async (condition, expected) => {
  expect(await renderer.evaluateCondition(condition, context)).toBe(expected);
});

it.each([
  [undefined, false],
  [true, false],
  ['${{ parameters.on }}', false],
  ['${{ always() }}', true],
  ['${{ failure() and parameters.on }}', true],
  ['${{ always() and parameters.off }}', false],
  ['${{ not failure() }}', false],
  ['${{ parameters.on or failure() }}', false],
  ['{% if failure() %}true{% endif %}', true],
])('after a failure finds the condition %j %s', async (condition, expected) => {
  const failed = { ...context, hasFailed: true };
  expect(await renderer.evaluateCondition(condition, failed)).toBe(expected);
});

it('tells expressions whether a step has failed', async () => {
  const template = '${{ always() }} ${{ failure() }} ${{ hasFailed }}';
  expect(await renderer.render(template, context)).toBe('true false ');
  expect(await renderer.render(template, { ...context, hasFailed: true })).toBe('true true ');
});

it('leaves out fields whose text is empty, as it stands in the template', async () => {
  const given = { a: '', b: { c: '', d: ' ' }, e: ['', 'f'], g: '${{ "" }}' };
  expect(await renderer.render(given, context)).toEqual({ b: { d: ' ' }, e: ['', 'f'], g: '' });
});

it('expands each over lists and objects', async () => {
  expect(await renderer.expandEach(undefined, context)).toBeUndefined();
  expect(await renderer.expandEach('${{ parameters.list }}', context)).toEqual([
    { key: '0', value: 'a' },
    { key: '1', value: 'b' },
  ]);
  expect(await renderer.expandEach(['${{ parameters.name }}'], context)).toEqual([
    { key: '0', value: 'seats' },
  ]);
  expect(await renderer.expandEach('${{ parameters.object }}', context)).toEqual([
    { key: 'a', value: { b: 'c' } },
  ]);
  const failure = renderer.expandEach('${{ parameters.name }}', context, ['steps', 'fetch', 'each']);
  await expect(failure).rejects.toThrow(
    `steps.fetch.each gives "seats", where a list or an object is needed`,
  );
  // Whole, as part of a secret would not be masked.
  const long = 's3cret'.repeat(30);
  await expect(renderer.expandEach(long, context)).rejects.toThrow(/gives a text of 180 characters, where/);
});

it.each([
  ['${{ parameters.name', 'steps.fetch.input.values[1], line 1, column 1'],
  ['a\nb ${{ 1 | nothing }}', 'values[1], line 2, column '],
  ['${{ fail() }}', "function 'fail': the stage is closed"],
  ['${{ 1 | circle }}', "filter 'circle': Converting circular structure to JSON"],
  [
    '${{ "x" | parseRepoUrl }}',
    "filter 'parseRepoUrl': The host 'x' of a repository is not known. Add it to 'integrations'",
  ],
  [
    '${{ "github.com?repo=a" | parseRepoUrl }}',
    "lacks owner, which github.com needs: 'github.com?owner=...&repo=...'",
  ],
  ['${{ parameters.name() }}', 'steps.fetch.input.values[1], line 1'],
])('says where %j is wrong, and why', async (template, message) => {
  const failure = renderer.render({ values: [1, template] }, context, ['steps', 'fetch', 'input']);
  await expect(failure).rejects.toMatchObject({
    name: 'InputError',
    code: 'GR_TEMPLATE_INVALID',
    message: expect.stringContaining(message),
  });
});

it('describes filters and globals with their schemas', async () => {
  const { filters, globals } = await extensions.describe();
  expect(Object.keys(filters)).toEqual([
    'circle',
    'parseEntityRef',
    'parseRepoUrl',
    'pick',
    'projectSlug',
    'shout',
    'times',
  ]);
  expect(filters.shout).toEqual({});
  expect(filters.times).toMatchObject({
    description: 'Repeats a text',
    schema: { input: { type: 'string' }, arguments: [{ type: 'number' }], output: { type: 'string' } },
  });
  expect(globals.values).toEqual({
    house: { value: 'Copperlight' },
    season: { value: { year: 2026 }, description: 'Of the shows' },
  });
  expect(Object.keys(globals.functions)).toEqual(['fail', 'seats']);
});

it('renders the examples of the built-in filters', async () => {
  const { filters } = await extensions.describe();
  const examples = Object.values(filters).flatMap(({ examples: all }) => all ?? []);
  expect(examples.length).toBeGreaterThanOrEqual(4);
  for (const { example } of examples) expect(await renderer.render(example, context)).toBeTruthy();
});

it('renders texts in the styles of their authors', async () => {
  const texts = [
    { name: 'a', text: '{% if values.x %}\n  yes\n{% endif %}\n${{ values.x }} {{ not this }}' },
    { name: 'b', text: 'nothing to do' },
  ];
  expect(await renderer.renderTexts(texts, { values: { x: 1 } })).toEqual([
    '\n  yes\n\n1 {{ not this }}',
    'nothing to do',
  ]);
  const trimmed = { trimBlocks: true, lstripBlocks: true };
  expect(await renderer.renderTexts(texts, { values: { x: 1 } }, trimmed)).toEqual([
    '  yes\n1 {{ not this }}',
    'nothing to do',
  ]);
  const cookies = [{ name: 'c', text: '{{ cookiecutter.name }} {{ cookiecutter | jsonify }}' }];
  expect(
    await renderer.renderTexts(cookies, { cookiecutter: { name: 'n' } }, { cookiecutterCompat: true }),
  ).toEqual(['n {"name":"n"}']);
  const wrong = [
    { name: 'a', text: '${{ 1 }}' },
    { name: "'src/index.js'", text: '\n\n${{ x' },
  ];
  await expect(renderer.renderTexts(wrong, {})).rejects.toThrow(
    "The template at 'src/index.js', line 3, column 1",
  );
});

it('keeps nothing of the values of earlier texts, however many there were', async () => {
  const small = new TemplateRenderer(new TemplatingExtensions(), { limits: { memory: 64 }, size: 1 });
  for (let round = 0; round < 100; round++) {
    // As an action passes its whole input.
    const options = { trimBlocks: true, values: { round, much: 'x'.repeat(1_000_000) } };
    const [text] = await small.renderTexts(
      [{ name: 'a', text: '${{ values.round }}' }],
      { values: options.values },
      options,
    );
    expect(text).toBe(`${round}`);
  }
  small.close();
}, 60_000);
