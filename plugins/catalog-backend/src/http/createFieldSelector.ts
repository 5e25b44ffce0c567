// Reduces entities to the fields that a client has requested.
import { InputError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from '../jsonShapes';
import type { EntityText } from '../query/EntityText';
import { assertAtMost } from './limits';

/** Each field is looked up in every entity. */
const MOST_FIELDS = 500;

/** Takes a stored entity and returns what to send. */
export type FieldSelector = (entity: EntityText) => EntityText;

/** Creates a selector. Without fields, it returns the text unchanged. */
export function createFieldSelector(fields: readonly string[]): FieldSelector {
  const names = fields.flatMap(field => field.split(',')).map(field => field.trim());
  const paths = names.filter(name => name !== '');
  if (paths.length === 0) return entity => entity;
  assertAtMost(MOST_FIELDS, 'fields', paths.length);
  const invalid = paths.find(path => path.startsWith('.') || path.endsWith('.'));
  if (invalid !== undefined)
    throw new InputError(`The field '${invalid}' is not a path such as 'metadata.name'`);
  return text => {
    const entity = JSON.parse(text.toString()) as JsonObject;
    const selected: JsonObject = {};
    for (const path of paths) copyField(entity, selected, path);
    return JSON.stringify(selected);
  };
}

/** Keys may contain dots (`metadata.annotations.backstage.io/x`), so every way to split the path is tried. */
function copyField(from: JsonObject, to: JsonObject, path: string): boolean {
  const value = own(from, path);
  if (value !== undefined) {
    to[path] = value;
    return true;
  }
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot);
    const child = own(from, key);
    if (!isObject(child)) continue;
    const existing = own(to, key);
    // The parent has already been copied as a whole, including this field.
    if (existing === child) return true;
    const target: JsonObject = isObject(existing) ? existing : {};
    if (copyField(child, target, path.slice(dot + 1))) {
      to[key] = target;
      return true;
    }
  }
  return false;
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
