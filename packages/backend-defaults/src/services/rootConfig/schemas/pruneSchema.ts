// Removes from a schema what does not apply to a given value, because compiling it would cost more than checking it.
import type { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from '../../../isObject';
import type { ConfigSchema } from './ConfigSchema';

/**
 * The schema without the properties that `data` does not have. Either both accept `data`, or neither does.
 *
 * A backend sets only a few of the hundreds of keys that its packages know.
 */
export function pruneSchema(schema: ConfigSchema, data: JsonValue | undefined): ConfigSchema {
  if (!isObject(data) || typeof schema !== 'object') return schema;
  const pruned: ConfigSchema = { ...schema };
  if (schema.properties) pruned.properties = pruneProperties(schema.properties, data);
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    if (schema[keyword]) pruned[keyword] = schema[keyword].map(each => pruneSchema(each, data));
  }
  return pruned;
}

function pruneProperties(properties: Record<string, ConfigSchema>, data: JsonObject) {
  const kept: Record<string, ConfigSchema> = {};
  for (const [key, value] of Object.entries(data)) {
    if (Object.hasOwn(properties, key)) kept[key] = pruneSchema(properties[key]!, value);
  }
  return kept;
}
