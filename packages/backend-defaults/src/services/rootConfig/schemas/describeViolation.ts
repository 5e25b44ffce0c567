// Describes what is wrong with a value: its key, what is expected, and what was found.
import { configKey, type ConfigPath } from '../ConfigPlace';
import { alternativesOf, type ConfigSchema } from './ConfigSchema';
import type { Violation } from './findViolations';
import { kindOf } from './schemaFit';

const wholeNumber = 'a whole number';
const kindNames: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  integer: wholeNumber,
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};
const maxShown = 60;

/** Returns one sentence. `mustHide` decides which values must not appear in it. */
export function describeViolation(
  { path, value, schema, keyword, message }: Violation,
  mustHide: (path: ConfigPath, text: string) => boolean,
): string {
  const key = configKey(path);
  if (!schema) return `${key} is missing, and must be set`;
  const found = describeValue(value, text => mustHide(path, text));
  const example = exampleOf(schema);
  const byKind =
    ['type', 'enum', 'const', 'anyOf'].includes(keyword) ||
    (keyword === 'multipleOf' && isWhole(schema)) ||
    message.includes('exactly one schema') ||
    // An example says more than a regular expression.
    (keyword === 'pattern' && example !== '');
  const expected = describeExpected(schema);
  // All forms are of the value's kind, and none of them was clearly meant.
  const must = expected === found ? 'have one of its forms' : `be ${expected}`;
  return `${key} ${byKind ? `must ${must}` : message}${example}, and is ${found}`;
}

/** What a schema accepts, for example `a number or a string`. */
function describeExpected(schema: ConfigSchema): string {
  const words = [...new Set(alternativesOf(schema).flatMap(wordsOf))];
  const last = words.pop() ?? 'something else';
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}

function wordsOf(schema: ConfigSchema): string[] {
  const { const: fixed, enum: listed, type } = schema;
  if (fixed !== undefined) return [quote(fixed)];
  if (listed) return listed.map(quote);
  return isWhole(schema) ? [wholeNumber] : [type ?? []].flat().map(kind => kindNames[kind] ?? kind);
}

/** An integer, written so that Backstage's loader can merge it with the plain number of another schema. */
function isWhole({ type, multipleOf }: ConfigSchema): boolean {
  return type === 'number' && multipleOf === 1;
}

function exampleOf({ examples, visibility }: ConfigSchema): string {
  const [example] = examples ?? [];
  const isTelling = typeof example === 'string' && visibility !== 'secret' && !example.includes('${');
  return isTelling ? ` such as ${quote(example)}` : '';
}

function describeValue(value: unknown, mustHide: (text: string) => boolean): string {
  const kind = kindOf(value);
  if (kind === 'object' || kind === 'array') return kindNames[kind]!;
  const text = String(value);
  if (kind !== 'boolean' && mustHide(text)) return kind === 'string' ? 'another string' : 'not';
  return text.length > maxShown ? quote(`${text.slice(0, maxShown)}…`) : quote(value);
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
