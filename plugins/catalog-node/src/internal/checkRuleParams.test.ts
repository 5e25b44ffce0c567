// The kinds of schemas that rules have, and what they do with parameters.
import { checkRuleParams } from './checkRuleParams';

const isCount = (value: unknown): value is { count: string } =>
  typeof (value as { count?: unknown }).count === 'string';

const standard = (validate: (value: unknown) => object) => ({ '~standard': { validate } });
const kinds = {
  'a Standard Schema': standard(value =>
    isCount(value) ? { value: { count: Number(value.count) } } : { issues: [{ message: 'no count' }] },
  ),
  'a Standard Schema that also tells the value': standard(value => ({
    value: { count: isCount(value) ? Number(value.count) : undefined },
    issues: isCount(value) ? undefined : [{ message: 'no count' }],
  })),
  'a schema of an older zod 3': {
    safeParse: (value: unknown) =>
      isCount(value) ? { success: true, data: { count: Number(value.count) } } : { success: false },
  },
};

it.each(Object.entries(kinds))('reads parameters with %s', (_, paramsSchema) => {
  const rule = { name: 'HAS_COUNT', paramsSchema };
  expect(checkRuleParams(rule, { count: '3' })).toEqual({ count: 3 });
  for (const [params, told] of [
    [undefined, '{}'],
    [null, '{}'],
    [{ count: 3 }, '{"count":3}'],
  ]) {
    expect(() => checkRuleParams(rule, params)).toThrow(
      `A condition of the policy has parameters that its rule 'HAS_COUNT' does not take: ${told as string}. Correct the policy.`,
    );
  }
});

it('waits for no schema, and leaves parameters without one as they are', () => {
  const paramsSchema = standard(async value => ({ value }));
  expect(() => checkRuleParams({ name: 'SLOW', paramsSchema }, {})).toThrow("rule 'SLOW'");
  expect(checkRuleParams({ name: 'FREE' }, { any: 1 })).toEqual({ any: 1 });
  for (const none of [undefined, null]) expect(checkRuleParams({ name: 'FREE' }, none)).toEqual({});
});
