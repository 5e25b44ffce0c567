// Converts typed text to a value, based on the schema of the field.
import type { JsonSchema } from './BackendApi';

/** The value that was typed, or what is wrong with the text. */
export type Answer = { readonly value: unknown } | { readonly problem: string };

/** A choice may also be given by its number in the list, starting at 1. */
export function readAnswer(text: string, schema: JsonSchema): Answer {
  const choices = choicesOf(schema);
  if (choices) return readChoice(text, choices);
  switch (typeOf(schema)) {
    case 'boolean':
      return readBoolean(text);
    case 'integer':
    case 'number': {
      const value = Number(text);
      if (text === '' || !Number.isFinite(value)) return { problem: 'Type a number' };
      return typeOf(schema) === 'integer' && !Number.isInteger(value)
        ? { problem: 'Type a whole number' }
        : { value };
    }
    case 'array':
      return readList(text, schema.items ?? {});
    case 'object':
      return readJson(text);
    default:
      return { value: text };
  }
}

/** The values to choose from, if the field has any. */
export function choicesOf(schema: JsonSchema): unknown[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum;
  const constants = schema.oneOf?.map((one: JsonSchema) => one.const);
  return constants?.every((one: unknown) => one !== undefined) ? constants : undefined;
}

/** The type of a field; the first one if there are several. */
export function typeOf(schema: JsonSchema): string {
  return [schema.type].flat()[0] ?? (schema.properties ? 'object' : 'string');
}

function readChoice(text: string, choices: unknown[]): Answer {
  const named = choices.find(choice => String(choice) === text);
  if (named !== undefined) return { value: named };
  const numbered = /^\d+$/.test(text) ? choices[Number(text) - 1] : undefined;
  return numbered === undefined
    ? { problem: `Type a number from 1 to ${choices.length}` }
    : { value: numbered };
}

function readBoolean(text: string): Answer {
  if (/^(y|yes|true)$/i.test(text)) return { value: true };
  return /^(n|no|false)$/i.test(text) ? { value: false } : { problem: 'Type y or n' };
}

function readList(text: string, items: JsonSchema): Answer {
  const value: unknown[] = [];
  for (const part of text.split(',').map(one => one.trim())) {
    if (part === '') continue;
    const answer = readAnswer(part, items);
    if ('problem' in answer) return { problem: `${answer.problem}: '${part}' is not in order` };
    value.push(answer.value);
  }
  return { value };
}

function readJson(text: string): Answer {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: 'Type JSON' };
  }
}
