// Walks through a configuration together with the schemas that describe each of its values.
import type { JsonValue } from '@backstage/types';
import type { ConfigPath } from '../ConfigPlace';
import { isObject } from '../../../isObject';
import { type ConfigSchema, schemasBelow } from './ConfigSchema';
import { meantBy } from './schemaFit';
import { secretStrings } from './secretStrings';

/** A visited value. */
export interface VisitedValue {
  readonly path: ConfigPath;
  readonly value: JsonValue;
  /** Whether a schema marks it as secret. */
  readonly isSecret: boolean;
  /** Set if a schema marks it as deprecated: what to use instead, or `true`. */
  readonly deprecated?: string | true;
  /** Set if no schema knows the key: the known keys of the same object. Undefined if any key is allowed. */
  readonly known?: ReadonlySet<string>;
}

/** Visits every value below `data`, except those inside a secret or below an unknown key. */
export function walkConfig(
  data: JsonValue,
  schemas: readonly ConfigSchema[],
  visit: (visited: VisitedValue) => void,
  path: ConfigPath = [],
): void {
  const meant = schemas.flatMap(schema => meantBy(data, schema));
  for (const [name, value] of Array.isArray(data) || isObject(data) ? Object.entries(data) : []) {
    if (value === undefined) continue;
    const key = Array.isArray(data) ? Number(name) : name;
    const below = schemasBelow(meant, key);
    const here = [...path, key];
    const isSecret =
      below.some(schema => meantBy(value, schema).some(isForSecrets)) && secretStrings(value).length > 0;
    const known = below.length === 0 && typeof key === 'string' ? knownKeys(meant) : undefined;
    const deprecated = below.map(schema => schema.deprecated).find(Boolean);
    visit({ path: here, value, isSecret, ...(known && { known }), ...(deprecated && { deprecated }) });
    if (!isSecret && below.length > 0) walkConfig(value, below, visit, here);
  }
}

function isForSecrets({ visibility, deepVisibility }: ConfigSchema): boolean {
  return visibility === 'secret' || deepVisibility === 'secret';
}

/** The keys that an object may have; `undefined` if it may have any. */
function knownKeys(meant: readonly ConfigSchema[]): Set<string> | undefined {
  const isOpen = meant.some(
    ({ additionalProperties, patternProperties }) => additionalProperties || patternProperties,
  );
  const keys = new Set(meant.flatMap(({ properties = {} }) => Object.keys(properties)));
  return isOpen || keys.size === 0 ? undefined : keys;
}
