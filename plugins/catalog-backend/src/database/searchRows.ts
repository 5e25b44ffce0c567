// Spreads an entity into the rows by which it is found.
import type { Entity } from '@backstage/catalog-model';

const MAX_LENGTH = 200;

/** A field and one of its values, in lower case; `null` where there is no value to compare with. */
export interface SearchRow {
  readonly key: string;
  readonly value: string | null;
}

/**
 * Fields are found by their path joined with dots (`metadata.annotations.a/b`), a list by each of its items. A text in a
 * list is a field by itself as well: `metadata.tags: [java]` is found by `metadata.tags=java` and by
 * `metadata.tags.java=true`. Keys longer than 200 characters are left out, and longer values are found by their key only.
 */
export function searchRows(entity: Entity): SearchRow[] {
  const rows = new Map<string, SearchRow>();

  function add(path: string, text: string | null) {
    const key = path.toLowerCase();
    if (key.length > MAX_LENGTH) return;
    const lower = text === null ? null : text.toLowerCase();
    const value = lower !== null && lower.length > MAX_LENGTH ? null : lower;
    rows.set(`${key}\n${value === null ? '' : `=${value}`}`, { key, value });
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
      for (const [key, child] of Object.entries(value)) visit(path ? `${path}.${key}` : key, child);
    } else {
      add(path, String(value));
    }
  }

  visit('', entity);
  return [...rows.values()];
}
