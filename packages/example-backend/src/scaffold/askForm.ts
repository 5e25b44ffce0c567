// Asks for the values of a form, page by page.
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { createTemplateRenderer } from 'nunjitsu';
import type { FormPage, JsonSchema } from './BackendApi';
import type { Prompter } from './Prompter';
import { choicesOf, readAnswer, typeOf } from './readAnswer';

/** The input of a task. */
export interface FormValues {
  readonly values: Record<string, unknown>;
  /** The fields that the form marks as secret. They are never part of `values`. */
  readonly secrets: Record<string, string>;
}

const ajv = addFormats(new Ajv({ strict: false, allErrors: true, useDefaults: true }));
const renderer = createTemplateRenderer();

/** Asks for values missing from `given`. Without a prompter, takes the defaults and omits fields that have none. */
export async function askForm(
  pages: readonly FormPage[],
  given: Record<string, unknown>,
  prompter: Prompter | undefined,
): Promise<FormValues> {
  const values: Record<string, unknown> = { ...given };
  const secrets: Record<string, string> = {};
  for (const [index, page] of pages.entries()) {
    if (!isWanted(page, values)) continue;
    const fields = Object.entries((page.schema.properties ?? {}) as Record<string, JsonSchema>);
    const required: string[] = page.schema.required ?? [];
    if (prompter && fields.some(([name]) => !(name in values))) {
      prompter.tell(`\n${page.title} (page ${index + 1} of ${pages.length})`);
      if (page.description !== undefined) prompter.tell(page.description);
    }
    for (const [name, schema] of fields) {
      if (name in values) continue;
      const isRequired = required.includes(name);
      const value = prompter ? await askField(name, schema, isRequired, prompter) : schema.default;
      if (value === undefined) continue;
      if (isSecret(schema)) secrets[name] = String(value);
      else values[name] = value;
    }
  }
  return { values, secrets };
}

/** Conditions are templates that can use the values so far. */
function isWanted({ when }: FormPage, values: Record<string, unknown>): boolean {
  if (typeof when !== 'string') return when ?? true;
  const result = renderer.renderValue(when, { parameters: values } as never);
  return Boolean(result) && result !== 'false';
}

async function askField(
  name: string,
  schema: JsonSchema,
  isRequired: boolean,
  prompter: Prompter,
): Promise<unknown> {
  if (schema.description !== undefined) prompter.tell(`  ${schema.description}`);
  choicesOf(schema)?.forEach((choice, at) => {
    const title = schema.enumNames?.[at] ?? schema.oneOf?.[at]?.title;
    prompter.tell(`  ${at + 1}) ${String(choice)}${title === undefined ? '' : ` - ${title}`}`);
  });
  for (;;) {
    const text = await prompter.ask(questionOf(name, schema, isRequired), { isSecret: isSecret(schema) });
    if (text === '') {
      if (schema.default !== undefined || !isRequired) return schema.default;
      prompter.tell('  This has to be answered');
      continue;
    }
    const answer = readAnswer(text, schema);
    const problem = 'problem' in answer ? answer.problem : problemOf(answer.value, schema);
    if (problem === undefined) return (answer as { value: unknown }).value;
    prompter.tell(`  ${problem}`);
  }
}

function questionOf(name: string, schema: JsonSchema, isRequired: boolean): string {
  const hints = { boolean: 'y/n', array: 'separated by commas', object: 'JSON' } as Record<string, string>;
  const hint = choicesOf(schema) ? 'number' : hints[typeOf(schema)];
  const byDefault =
    schema.default === undefined
      ? isRequired
        ? undefined
        : 'optional'
      : `default ${JSON.stringify(schema.default)}`;
  const notes = [hint, byDefault].filter(note => note !== undefined);
  return `  ${schema.title ?? name}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}:`;
}

function problemOf(value: unknown, schema: JsonSchema): string | undefined {
  try {
    if (ajv.validate(schema, value)) return undefined;
  } catch {
    // The backend reports what is wrong with an unusable schema.
    return undefined;
  }
  return (ajv.errors ?? []).map(({ message }) => `It ${message}`).join('; ');
}

function isSecret(schema: JsonSchema): boolean {
  return schema['ui:field'] === 'Secret' || schema['ui:widget'] === 'password';
}
