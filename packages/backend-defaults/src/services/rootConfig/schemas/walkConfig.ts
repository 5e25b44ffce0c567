// Goes through a configuration together with the schemas that speak of each of its values.
import type { JsonValue } from '@backstage/types';
import type { ConfigPath } from '../ConfigDocument';
import { isObject } from '../dropOverridden';
import { alternativesOf, type ConfigSchema, schemasBelow } from './ConfigSchema';

/** A value on the way. */
export interface VisitedValue {
  readonly path: ConfigPath;
  readonly value: JsonValue;
  /** Whether a schema calls it, or what is around it, a secret. */
  readonly isSecret: boolean;
  /** Where no schema knows the key: those that there are beside it. Missing where any key is allowed. */
  readonly known?: ReadonlySet<string>;
}

/** Visits every value below `data`, those inside a secret left out. */
export function walkConfig(
  data: JsonValue,
  schemas: readonly ConfigSchema[],
  visit: (visited: VisitedValue) => void,
  path: ConfigPath = [],
): void {
  for (const [name, value] of Array.isArray(data) || isObject(data) ? Object.entries(data) : []) {
    if (value === undefined) continue;
    const key = Array.isArray(data) ? Number(name) : name;
    const below = schemasBelow(schemas, key);
    const all = below.flatMap(alternativesOf);
    const isSecret = all.some(({ visibility, deepVisibility }) =>
      [visibility, deepVisibility].includes('secret'),
    );
    const here = [...path, key];
    const known = below.length === 0 && typeof key === 'string' ? knownKeys(schemas) : undefined;
    visit({ path: here, value, isSecret, ...(known && { known }) });
    if (!isSecret && below.length > 0) walkConfig(value, below, visit, here);
  }
}

/** The keys that an object may have; `undefined` if it may have any. */
function knownKeys(schemas: readonly ConfigSchema[]): Set<string> | undefined {
  const all = schemas.flatMap(alternativesOf);
  const isOpen = all.some(
    ({ additionalProperties, patternProperties }) => additionalProperties || patternProperties,
  );
  const keys = new Set(all.flatMap(({ properties = {} }) => Object.keys(properties)));
  return isOpen || keys.size === 0 ? undefined : keys;
}
