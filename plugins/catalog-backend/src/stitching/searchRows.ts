// Converts an entity to the rows of the search index.
import type { Entity } from '@backstage/catalog-model';

const MAX_LENGTH = 200;

export interface SearchRow {
  readonly key: string;
  /** In lower case; empty if there is no value to compare with. */
  readonly value: string;
  /** As in the entity; `null` if there is no value to compare with. */
  readonly original: string | null;
  /** 0 for the value that the entity is sorted by, which is the smallest of the field. */
  readonly position: 0 | 1;
}

/**
 * Fields are indexed by their path joined with dots (`metadata.annotations.a/b`), and arrays by each of their items.
 * A string in an array is also a field of its own: `metadata.tags: [java]` is found by `metadata.tags=java` and by
 * `metadata.tags.java=true`. Relations are found by `relations.<type>=<ref>`. Keys longer than 200 characters are
 * left out, and longer values can only be found by their key.
 *
 * @param only - limits the rows to those of this key, in lower case
 */
export function searchRows(entity: Entity, only?: string): SearchRow[] {
  const byKey = new Map<string, Map<string, string | null>>();

  function add(path: string, text: string | null) {
    const key = path.toLowerCase();
    if (key.length > MAX_LENGTH || (only !== undefined && key !== only)) return;
    const original = text !== null && text.length > MAX_LENGTH ? null : text;
    let values = byKey.get(key);
    if (!values) byKey.set(key, (values = new Map()));
    const value = original === null ? '' : original.toLowerCase();
    // An empty string is a value, but has the same database key as no value.
    if ((values.get(value) ?? null) === null) values.set(value, original);
  }

  function visit(path: string, value: unknown) {
    if (value === null || value === undefined) {
      add(path, null);
    } else if (Array.isArray(value)) {
      for (const item of value) {
        visit(path, item);
        if (typeof item === 'string') add(`${path}.${item}`, 'true');
      }
    } else if (typeof value === 'object') {
      for (const [key, child] of Object.entries(value)) visit(`${path}.${key}`, child);
    } else {
      add(path, String(value));
    }
  }

  add('kind', entity.kind);
  add('apiVersion', entity.apiVersion);
  visit('metadata', entity.metadata);
  if (entity.spec) visit('spec', entity.spec);
  for (const { type, targetRef } of entity.relations ?? []) add(`relations.${type}`, targetRef);
  return [...byKey].flatMap(([key, values]) => toRows(key, values));
}

/** The values by which the entity can be found in the field `only`. */
export function fieldValues(entity: Entity, only: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { key, value, original } of searchRows(entity, only)) {
    const values = fields.get(key) ?? [];
    if (original !== null) values.push(value);
    fields.set(key, values);
  }
  return fields;
}

function toRows(key: string, values: ReadonlyMap<string, string | null>): SearchRow[] {
  let smallest: string | undefined;
  if (values.size > 1) {
    for (const [value, original] of values) {
      if (original !== null && (smallest === undefined || value < smallest)) smallest = value;
    }
  }
  return Array.from(values, ([value, original]): SearchRow => {
    const sorts = original !== null && (values.size === 1 || value === smallest);
    return { key, value, original, position: sorts ? 0 : 1 };
  });
}
