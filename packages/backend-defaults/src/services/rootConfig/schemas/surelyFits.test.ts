// Tests the quick check of a value against what ajv says, over random schemas and values.
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { ConfigSchema } from './ConfigSchema';
import { surelyFits } from './surelyFits';

const key = fc.constantFrom('a', 'b', 'c');
const scalar = fc.oneof(
  fc.constantFrom('x', 'y', '', '😀', 'text'),
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(1.5, true, false, null),
);
const kinds = fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null');

const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const { schema } = fc.letrec<{ schema: ConfigSchema }>(tie => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ type: fc.oneof(kinds, fc.uniqueArray(kinds, { minLength: 1, maxLength: 3 })) }),
    fc.record({ const: fc.oneof(scalar, value) }),
    fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ minimum: fc.integer({ min: -1, max: 2 }), maximum: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ pattern: fc.constantFrom('^x', 't$', '^$', '^.$') }),
    fc.record({ minLength: fc.integer({ min: 0, max: 2 }), minItems: fc.integer({ min: 0, max: 2 }) }),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(key, tie('schema'), { maxKeys: 2, noNullPrototype: true }),
        required: fc.uniqueArray(key, { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        minProperties: fc.integer({ min: 0, max: 2 }),
      },
      { requiredKeys: ['properties'] },
    ),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: tie('schema'), description: fc.constant('what only ajv understands') }),
  ),
}));

describe('surelyFits', () => {
  it('never says so of what ajv refuses', () => {
    let sure = 0;
    let valid = 0;
    fc.assert(
      fc.property(schema, value, (rule, data) => {
        const accepted = new Ajv({ strict: false, meta: false, validateSchema: false }).validate(rule, data);
        const quick = surelyFits(data, rule);
        if (quick) sure++;
        if (accepted) valid++;
        if (quick && !accepted)
          throw new Error(`${JSON.stringify(data)} does not fit ${JSON.stringify(rule)}`);
      }),
      { numRuns: 1500 },
    );
    // Where it said nothing of what fits, it would be of no use.
    expect(sure).toBeGreaterThan(valid / 3);
    expect(sure).toBeGreaterThan(100);
  });

  it('is not sure of anything that it does not know', () => {
    expect(surelyFits('a', { maxLength: 1 })).toBe(false);
    expect(
      surelyFits({ a: 1 }, { patternProperties: { a: {} }, additionalProperties: { type: 'string' } }),
    ).toBe(false);
    expect(surelyFits('1', { type: 'number' })).toBe(false);
    expect(surelyFits(1, { $ref: '#/definitions/other' })).toBe(false);
  });
});
