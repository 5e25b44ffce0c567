// Tests of checking forms: pages, defaults, and errors at their paths.
import { TemplateRenderer } from './TemplateRenderer';
import { TemplatingExtensions } from './TemplatingExtensions';
import { validateParameters, validateSecrets } from './validateParameters';

const renderer = new TemplateRenderer(new TemplatingExtensions().addBuiltins());
afterAll(() => renderer.close());
const check = (parameters: unknown, values: object) =>
  validateParameters({ parameters: parameters as never }, values as never, { renderer });

it('takes anything where there is no form', async () => {
  expect(await validateParameters({}, { a: 1 }, { renderer })).toEqual({ values: { a: 1 }, errors: [] });
});

it('fills in defaults, and leaves what it was given as it is', async () => {
  const given = { nested: {} };
  const form = {
    properties: { a: { default: 1 }, nested: { properties: { b: { type: 'string', default: 'x' } } } },
  };
  expect(await check(form, given)).toEqual({ values: { a: 1, nested: { b: 'x' } }, errors: [] });
  expect(given).toEqual({ nested: {} });
});

it('tells every error at its path, with its page', async () => {
  const pages = [
    {
      title: 'First',
      required: ['name', 'owner'],
      properties: {
        name: { type: 'string', pattern: '^[a-z]+$', 'ui:autofocus': true, 'ui:field': 'EntityNamePicker' },
        port: { type: 'integer', minimum: 1024 },
        size: { enum: ['small', 'large'], enumNames: ['S', 'L'] },
        homepage: { type: 'string', format: 'uri' },
        any: { type: 'string', format: 'no-format-of-ajv' },
      },
    },
    {
      additionalProperties: true,
      properties: {
        list: { type: 'array', items: { type: 'object', required: ['a/b'] } },
        'x~y': { type: 'null' },
      },
      dependencies: { list: ['other'] },
    },
  ];
  const values = { name: 'A', port: 80, size: 'medium', homepage: 'no url', any: 'x', list: [{}], 'x~y': 1 };
  const { errors } = await check(pages, values);
  expect(errors).toEqual([
    { page: 0, path: ['owner'], message: 'is missing' },
    { page: 0, path: ['name'], message: 'must match pattern "^[a-z]+$"' },
    { page: 0, path: ['port'], message: 'must be >= 1024' },
    { page: 0, path: ['size'], message: 'must be one of "small", "large"' },
    { page: 0, path: ['homepage'], message: 'must match format "uri"' },
    { page: 1, path: ['other'], message: 'is missing' },
    { page: 1, path: ['list', '0', 'a/b'], message: 'is missing' },
    { page: 1, path: ['x~y'], message: 'must be null' },
  ]);
});

it('leaves out pages whose condition is false', async () => {
  const pages = [
    { properties: { kind: { default: 'simple' } } },
    { when: '${{ parameters.kind === "hard" }}', required: ['more'] },
  ];
  expect((await check(pages, {})).errors).toEqual([]);
  expect((await check(pages, { kind: 'hard' })).errors).toEqual([
    { page: 1, path: ['more'], message: 'is missing' },
  ]);
});

it('follows the branches of a form', async () => {
  const form = {
    properties: { ci: { enum: ['none', 'tekton'] } },
    required: ['ci'],
    dependencies: {
      ci: {
        oneOf: [
          { properties: { ci: { const: 'none' } } },
          { required: ['image'], properties: { ci: { const: 'tekton' } } },
        ],
      },
    },
    if: { properties: { ci: { const: 'tekton' } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON schema
    then: { required: ['registry'] },
  };
  expect((await check(form, { ci: 'none' })).errors).toEqual([]);
  const { errors } = await check(form, { ci: 'tekton' });
  expect(errors).toEqual(
    expect.arrayContaining([
      { page: 0, path: ['image'], message: 'is missing' },
      { page: 0, path: ['registry'], message: 'is missing' },
    ]),
  );
});

it('does without a default that does not fit', async () => {
  const form = {
    properties: { text: { type: 'string', default: {} }, other: { type: 'number', default: 1 } },
  };
  expect(await check(form, {})).toEqual({ values: { other: 1 }, errors: [] });
  expect((await check({ ...form, required: ['text'] }, {})).errors).toEqual([
    { page: 0, path: ['text'], message: 'is missing' },
  ]);
  expect((await check(form, { text: 1 })).errors).toEqual([
    { page: 0, path: ['text'], message: 'must be string' },
  ]);
});

it('says where a form itself is wrong', async () => {
  const failure = check([{}, { properties: { a: { type: 'strin' } } }], { a: 1 });
  await expect(failure).rejects.toMatchObject({
    code: 'GR_TEMPLATE_INVALID',
    message: expect.stringContaining('parameters[1]'),
  });
});

it('checks secrets by their own schema, and tells nothing of their values', async () => {
  const template = {
    secrets: { schema: { required: ['token'], properties: { token: { type: 'string', minLength: 10 } } } },
  };
  expect(await validateSecrets({}, { a: 'b' }, { renderer })).toEqual([]);
  expect(await validateSecrets(template, {}, { renderer })).toEqual([
    { path: ['token'], message: 'is missing' },
  ]);
  const [error] = await validateSecrets(template, { token: 'hush' }, { renderer });
  expect(JSON.stringify(error)).not.toContain('hush');
});
