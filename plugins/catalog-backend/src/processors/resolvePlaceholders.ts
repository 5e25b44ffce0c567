// Replaces placeholders such as `$text: ./api.yaml` with their content.
import type { Entity } from '@backstage/catalog-model';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { CatalogProcessorEmit, PlaceholderResolver } from '@greenroom/plugin-catalog-node';
import { findUnfitValue, type ValuePath } from '../ingestion/findUnfitValue';
import { PlacedError } from '../validation/PlacedError';
import type { LocationReader } from './LocationReader';

export interface PlaceholderContext {
  readonly resolvers: ReadonlyMap<string, PlaceholderResolver>;
  readonly reader: LocationReader;
  /** The location of the entity. */
  readonly base: string;
  readonly emit: CatalogProcessorEmit;
}

interface Placeholder {
  /** With its `$`. */
  readonly name: string;
  readonly value: JsonValue;
  readonly resolver: PlaceholderResolver;
}

/**
 * A placeholder is an object with a single key, `$` followed by the name of a resolver; other keys with a `$` stay.
 * The content is not searched for further placeholders.
 *
 * @returns The same object if the entity has no placeholders
 * @throws a `PlacedError` with the path of the placeholder that can't be resolved
 */
export async function resolvePlaceholders(entity: Entity, context: PlaceholderContext): Promise<Entity> {
  return (await visit(entity as unknown as JsonValue, [], context)) as unknown as Entity;
}

async function visit(value: JsonValue, path: ValuePath, context: PlaceholderContext): Promise<JsonValue> {
  if (typeof value !== 'object' || value === null) return value;
  const placeholder = placeholderIn(value, context);
  if (placeholder) return resolve(placeholder, path, context);
  let copy: JsonValue | undefined;
  for (const [key, child] of Object.entries(value)) {
    const next = isContainer(child) ? await visit(child, [...path, key], context) : child;
    if (next === child) continue;
    copy ??= Array.isArray(value) ? [...value] : { ...value };
    Object.assign(copy, { [key]: next });
  }
  return copy ?? value;
}

/** Most values of an entity are scalars, and an `await` for each of them would dominate the time. */
function isContainer(value: JsonValue | undefined): value is JsonValue & object {
  return typeof value === 'object' && value !== null;
}

function placeholderIn(holder: object, { resolvers }: PlaceholderContext): Placeholder | undefined {
  const keys = Object.keys(holder);
  const name = keys[0] ?? '';
  if (keys.length !== 1 || !name.startsWith('$')) return undefined;
  const resolver = resolvers.get(name.slice(1));
  return resolver && { name, value: (holder as JsonObject)[name]!, resolver };
}

async function resolve(
  { name, value, resolver }: Placeholder,
  path: ValuePath,
  { reader, base, emit }: PlaceholderContext,
): Promise<JsonValue> {
  try {
    const resolved = await resolver({
      key: name.slice(1),
      value,
      baseUrl: base,
      resolveUrl: (target, from) => reader.resolve(target, from),
      read: async target => {
        emit({ type: 'refresh', key: `${reader.type}:${target}` });
        return reader.readFile(target, base);
      },
      emit,
    });
    const unfit = findUnfitValue(resolved);
    if (unfit) throw new Error(unfit.reason);
    return resolved;
  } catch (error) {
    const reason = `the placeholder ${name} can't be resolved: ${(error as Error).message}`;
    throw new PlacedError([...path, name], reason);
  }
}
