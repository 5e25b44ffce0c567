// Makes up the output of an action that a dry run skips, so that later steps have something to work with.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ActionJsonSchema, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import { isObject } from '../isObject';

/** An example value of the right type for each declared output. */
export function exampleOutput(action: TemplateAction): JsonObject {
  const example = exampleOf(action.schema?.output ?? {}, action.id);
  return isObject(example) ? example : {};
}

function exampleOf(schema: ActionJsonSchema, name: string): JsonValue {
  const given = schema.examples?.[0] ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given as JsonValue;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type ?? (schema.properties ? 'object' : undefined)) {
    case 'object':
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, ActionJsonSchema>).map(
          ([field, inner]) => [field, exampleOf(inner, field)],
        ),
      );
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      // Steps that publish to a URL, or register it, do not take just any text.
      if (schema.format === 'uri' || /url$/i.test(name)) return `https://example.com/${name}`;
      return `<example ${name}>`;
  }
}
