// Generates valid values for a form.

interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: { readonly [name: string]: Schema };
}

/** Takes first choices, and sample values for each kind of field. Fields with a default are left to the form. */
export function sampleValues(pages: readonly Schema[]): Record<string, unknown> {
  return Object.assign({}, ...pages.map(sampleObject)) as Record<string, unknown>;
}

function sampleObject({ properties = {} }: Schema): Record<string, unknown> {
  const asked = Object.entries(properties).filter(([, field]) => field.default === undefined);
  return Object.fromEntries(asked.map(([name, field]) => [name, sample(field)]));
}

function sample(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const field = String(schema['ui:field']);
  if (field === 'RepoUrlPicker') return 'github.com?owner=acme&repo=site';
  if (field.endsWith('Picker') && schema.type === 'string') return 'group:default/sample';
  if (schema.type === 'object') return sampleObject(schema);
  if (schema.type === 'array') return schema.items ? [sample(schema.items as Schema)] : [];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'number' || schema.type === 'integer') return Number(schema.minimum ?? 1);
  return schema.format === 'uri' ? 'https://example.com' : 'sample';
}
