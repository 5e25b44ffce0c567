// Tests of how often the schemas of forms are compiled.
import { Ajv } from 'ajv';

// The program that it is a part of is plain JavaScript.
const { validateValues } = jest.requireActual<{
  validateValues(schema: object, values: object): { values: object; errors: object[] };
}>('./validateValues.cjs');

const form = (name: string) => ({ required: [name], properties: { size: { default: 1 } } });

it('compiles a schema once, and forgets the first of more than it keeps', () => {
  const compile = jest.spyOn(Ajv.prototype, 'compile');
  for (const given of ['a', 'b', 'c']) {
    // As it comes with each request: another object each time.
    expect(validateValues(form('name'), { name: given })).toEqual({
      values: { name: given, size: 1 },
      errors: [],
    });
  }
  expect(compile).toHaveBeenCalledTimes(1);
  for (let at = 0; at < 100; at++) {
    expect(validateValues(form(`name${at}`), {}).errors).toEqual([
      { path: [`name${at}`], message: 'is missing' },
    ]);
  }
  expect(validateValues(form('name'), {}).errors).toHaveLength(1);
  expect(compile).toHaveBeenCalledTimes(102);
});
