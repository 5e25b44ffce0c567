// Recognises without a compiler that a value fits a schema, for plain schemas and valid values, which are the common case.
import type { ConfigSchema } from './ConfigSchema';
import { kindOf } from './schemaFit';

type Check = (value: never, limit: never, schema: ConfigSchema) => boolean;

const onObject = (check: (value: Record<string, unknown>, limit: never) => boolean): Check => {
  return (value, limit) => kindOf(value) !== 'object' || check(value, limit);
};

/** The supported keywords, with exactly their draft-07 meaning. */
const checks: Record<string, Check> = {
  type: (value: unknown, types: string | string[]) =>
    [types].flat().some(type => kindOf(value) === type || (type === 'integer' && Number.isInteger(value))),
  const: (value: unknown, fixed: unknown) => typeof fixed !== 'object' && value === fixed,
  enum: (value: unknown, listed: unknown[]) => typeof value !== 'object' && listed.includes(value),
  minimum: (value: unknown, limit: number) => typeof value !== 'number' || value >= limit,
  maximum: (value: unknown, limit: number) => typeof value !== 'number' || value <= limit,
  minLength: (value: unknown, limit: number) => typeof value !== 'string' || [...value].length >= limit,
  pattern: (value: unknown, pattern: string) =>
    typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  minItems: (value: unknown, limit: number) => !Array.isArray(value) || value.length >= limit,
  minProperties: onObject((value, limit: number) => Object.keys(value).length >= limit),
  required: onObject((value, names: string[]) => names.every(name => Object.hasOwn(value, name))),
  properties: onObject((value, properties: Record<string, ConfigSchema>) =>
    Object.entries(properties).every(
      ([name, part]) => !Object.hasOwn(value, name) || surelyFits(value[name], part),
    ),
  ),
  additionalProperties: (value, others: boolean | ConfigSchema, { properties = {}, patternProperties }) => {
    if (kindOf(value) !== 'object' || others === true) return true;
    const rest = Object.entries(value).filter(([name]) => !Object.hasOwn(properties, name));
    return !patternProperties && rest.every(([, part]) => others !== false && surelyFits(part, others));
  },
  items: (value: unknown, items: ConfigSchema | ConfigSchema[]) =>
    !Array.isArray(value) || (!Array.isArray(items) && value.every(item => surelyFits(item, items))),
  allOf: (value: unknown, all: ConfigSchema[]) => all.every(each => surelyFits(value, each)),
  anyOf: (value: unknown, any: ConfigSchema[]) => any.some(each => surelyFits(value, each)),
};
const annotations = '$schema $id $comment definitions title description default examples deprecated format';
for (const name of `${annotations} visibility deepVisibility`.split(' ')) checks[name] = () => true;

/** `true` only if the value fits. `false` may also mean that only a real validator can tell. */
export function surelyFits(value: unknown, schema: ConfigSchema): boolean {
  if (typeof schema !== 'object') return schema === true;
  return Object.entries(schema).every(([keyword, limit]) => {
    const check = Object.hasOwn(checks, keyword) ? checks[keyword] : undefined;
    return limit === undefined || check?.(value as never, limit as never, schema) === true;
  });
}
