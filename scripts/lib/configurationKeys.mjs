// Lists the keys that a configuration schema describes, one row per key, in the order of the schema.

const local = '#/definitions/';

/**
 * Returns every key as `{ key, type, default, example, description, secret, deprecated }`. `<id>` stands for a name
 * chosen by the user, `[]` for each entry of a list. An object that only groups other keys has `section: true`
 * instead.
 */
export function configurationKeys(root) {
  const rows = [];
  addBelow(resolved(root, root), '', root, rows, '');
  // If an object has several variants, keys that exist in more than one of them don't mention the variant.
  for (const each of rows) {
    if (each.forms?.length === 1 && each.forms[0]) each.description += ` (${each.forms[0]})`;
  }
  return rows;
}

function addBelow(schema, path, root, rows, note) {
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    addKey(resolved(value, root), path === '' ? name : `${path}.${name}`, root, rows, note);
  }
  const { additionalProperties: others, items } = schema;
  if (typeof others === 'object' && hasContent(others)) {
    addBelow(resolved(others, root), `${path}.<id>`, root, rows, note);
  }
  if (items) addBelow(resolved(items, root), `${path}[]`, root, rows, note);
  if (isDuration(schema)) return;
  for (const branch of schema.anyOf ?? []) {
    const own = resolved(branch, root);
    addBelow(own, path, root, rows, own.title ?? note);
  }
}

function addKey(schema, key, root, rows, note) {
  const isSection =
    schema.type === 'object' && (schema.properties || hasContent(schema.additionalProperties));
  if (!isSection || schema.examples || schema.default !== undefined) {
    const known = rows.find(each => each.key === key && !each.section);
    if (!known) rows.push(row(schema, key, note));
    else mergeInto(known, row(schema, key, note));
  } else {
    rows.push({ key, section: true, description: schema.description ?? '' });
  }
  addBelow(schema, key, root, rows, note);
}

/** The same key in another variant of the surrounding object. */
function mergeInto(known, other) {
  if (known.type !== other.type) known.type += `, ${other.type}`;
  if (other.description && known.description !== other.description)
    known.description += `; ${other.description}`;
  known.forms.push(...other.forms);
}

function row(schema, key, note) {
  const example = exampleOf(schema);
  return {
    key,
    type: typeOf(schema),
    default: schema.default,
    example,
    description: schema.description ?? '',
    forms: [note],
    secret: isSecret(schema),
    deprecated: [schema, schema.items].some(each => Boolean(each?.deprecated)),
  };
}

function exampleOf({ examples, default: byDefault, type, enum: listed, visibility }) {
  if (examples) return examples[0];
  if (listed) return listed.find(value => value !== byDefault) ?? listed[0];
  if (type === 'boolean') return byDefault !== true;
  if (byDefault !== undefined) return byDefault;
  return visibility === 'secret' ? '${SECRET}' : undefined;
}

function typeOf(schema) {
  if (isDuration(schema)) return 'duration';
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map(value => `\`${value}\``).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.multipleOf === 1) return 'integer';
  const types = [schema.type ?? 'any'].flat().map(type => (type === 'array' ? 'list' : type));
  return types.join(' or ');
}

const isDuration = schema => schema.title === 'Duration';

function isSecret({ visibility, deepVisibility, anyOf = [] }) {
  return [visibility, deepVisibility].includes('secret') || anyOf.some(isSecret);
}

function hasContent(schema) {
  return (
    typeof schema === 'object' &&
    Object.keys(schema).some(key => ['properties', 'anyOf', '$ref'].includes(key))
  );
}

function resolved(schema, root) {
  if (!schema.$ref?.startsWith(local)) return schema;
  const { $ref, ...own } = schema;
  return { ...root.definitions[$ref.slice(local.length)], ...own };
}
