// Tests of making actions from schemas in zod and in JSON.
import { createTemplateAction } from './createTemplateAction';

const handler = async () => {};

it('makes JSON schemas of fields in zod', () => {
  const action = createTemplateAction({
    id: 'greet',
    description: 'Greets',
    supportsDryRun: true,
    schema: {
      input: {
        name: z => z.string().describe('Whom to greet'),
        times: z => z.number().int().min(1).default(1),
        tags: z => z.array(z.enum(['a', 'b'])).optional(),
      },
      output: { greeting: z => z.string() },
    },
    async handler(ctx) {
      const tags: Array<'a' | 'b'> | undefined = ctx.input.tags;
      ctx.output('greeting', `${ctx.input.name} ${tags?.length}`);
    },
  });
  expect(action).toMatchObject({ id: 'greet', description: 'Greets', supportsDryRun: true });
  expect(action.schema).toEqual({
    input: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string', description: 'Whom to greet' },
        times: { type: 'integer', minimum: 1, default: 1 },
        tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      },
    },
    output: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['greeting'],
      additionalProperties: false,
      properties: { greeting: { type: 'string' } },
    },
  });
  expect(action.schema).toBe(action.schema);
});

it('makes JSON schemas of whole schemas in zod', () => {
  const { schema } = createTemplateAction({
    id: 'either',
    schema: { input: z => z.union([z.object({ a: z.string() }), z.object({ b: z.number() })]) },
    handler,
  });
  expect(schema!.input!.anyOf).toMatchObject([{ required: ['a'] }, { required: ['b'] }]);
  expect(schema!.output).toBeUndefined();
});

it('takes JSON schemas as they are, and no schema at all', () => {
  const input = { type: 'object', properties: { a: { type: 'string' } } };
  const { schema } = createTemplateAction<{ a?: string }>({ id: 'plain', schema: { input }, handler });
  expect(schema!.input).toBe(input);
  expect(createTemplateAction({ id: 'none', handler }).schema).toBeUndefined();
});

it('gives a copy its schemas too', () => {
  const action = createTemplateAction({ id: 'a', schema: { input: { a: z => z.string() } }, handler });
  expect({ ...action, id: 'b' }.schema!.input!.required).toEqual(['a']);
});
