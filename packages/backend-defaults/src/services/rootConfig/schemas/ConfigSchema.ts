// The subset of JSON schema (draft-07) that configuration schemas use, plus their own keywords.

/** A schema of the configuration, or of a part of it. */
export interface ConfigSchema {
  $ref?: string;
  definitions?: Record<string, ConfigSchema>;
  title?: string;
  description?: string;
  type?: string | string[];
  default?: unknown;
  examples?: unknown[];
  deprecated?: boolean | string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, ConfigSchema>;
  patternProperties?: Record<string, ConfigSchema>;
  additionalProperties?: boolean | ConfigSchema;
  required?: string[];
  items?: ConfigSchema | ConfigSchema[];
  allOf?: ConfigSchema[];
  anyOf?: ConfigSchema[];
  oneOf?: ConfigSchema[];
  /** Who may see the value. A value marked `secret` is masked wherever it appears. */
  visibility?: string;
  /** Like `visibility`, but also for everything below. */
  deepVisibility?: string;
  [keyword: string]: unknown;
}

const local = '#/definitions/';
/** The definitions behind references that could not be inlined. */
const referents = new WeakMap<ConfigSchema, ConfigSchema>();

/** Replaces references to the schema's own definitions with these definitions, except for circular references. */
export function inlineDefinitions(root: ConfigSchema): ConfigSchema {
  if (!root.definitions) return root;
  const inlined = new Map<string, ConfigSchema>();
  let circular = false;

  const inlineRef = (schema: ConfigSchema, name: string, open: readonly string[]): ConfigSchema => {
    const definition = root.definitions![name];
    if (!definition || open.includes(name)) {
      circular = true;
      return schema;
    }
    let target = inlined.get(name);
    if (!target) {
      target = inline(definition, [...open, name]) as ConfigSchema;
      if (!circular) inlined.set(name, target);
    }
    // Keywords next to a reference, such as a description, take precedence.
    const { $ref: _, ...own } = schema;
    return { ...target, ...own };
  };
  const inline = (value: unknown, open: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map(item => inline(item, open));
    if (typeof value !== 'object' || value === null) return value;
    const schema = value as ConfigSchema;
    if (typeof schema.$ref === 'string' && schema.$ref.startsWith(local)) {
      return inlineRef(schema, decodeURIComponent(schema.$ref.slice(local.length)), open);
    }
    return Object.fromEntries(Object.entries(schema).map(([key, item]) => [key, inline(item, open)]));
  };

  const { definitions, ...rest } = root;
  const result = inline(rest, []) as ConfigSchema;
  if (!circular) return result;
  noteReferents(root, definitions);
  return { ...result, definitions };
}

function noteReferents(value: unknown, definitions: Record<string, ConfigSchema>): void {
  if (typeof value !== 'object' || value === null) return;
  const { $ref } = value as ConfigSchema;
  if (typeof $ref === 'string' && $ref.startsWith(local)) {
    const referent = definitions[decodeURIComponent($ref.slice(local.length))];
    if (referent) referents.set(value as ConfigSchema, referent);
  }
  for (const item of Object.values(value)) noteReferents(item, definitions);
}

/** The definition that a schema refers to, if {@link inlineDefinitions} had to leave its reference in place. */
export function referentOf(schema: ConfigSchema): ConfigSchema | undefined {
  return referents.get(schema);
}

/** The schema itself and, recursively, all schemas in its `allOf`, `anyOf` and `oneOf`. */
export function alternativesOf(schema: ConfigSchema): ConfigSchema[] {
  const inner = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...inner.flatMap(alternativesOf)];
}

/** What each of these schemas says about the value at `key` of an object or list. */
export function schemasBelow(schemas: readonly ConfigSchema[], key: string | number): ConfigSchema[] {
  return schemas.flatMap((schema): ConfigSchema[] => {
    if (typeof key === 'number') {
      return [(Array.isArray(schema.items) ? schema.items[key] : schema.items) ?? []].flat();
    }
    if (schema.properties && Object.hasOwn(schema.properties, key)) return [schema.properties[key]!];
    const matching = Object.entries(schema.patternProperties ?? {}).flatMap(([pattern, each]) =>
      fits(key, pattern) ? [each] : [],
    );
    const { additionalProperties: others } = schema;
    return matching.length > 0 || typeof others !== 'object' ? matching : [others];
  });
}

function fits(key: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key);
  } catch {
    // Whoever validates with this schema reports it.
    return false;
  }
}
