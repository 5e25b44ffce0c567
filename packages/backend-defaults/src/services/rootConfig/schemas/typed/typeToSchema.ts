// Converts a package's configuration type to a JSON schema, as far as values in a YAML file can have that type.
import type * as TypeScript from 'typescript';
import type { ConfigSchema } from '../ConfigSchema';
import { annotationsOf } from './annotationsOf';

// How often a type may occur inside itself; anything is allowed below that.
const maxRecursion = 5;

/** The schema of `root`, free of references. */
export function typeToSchema(
  { TypeFlags, SymbolFlags }: typeof TypeScript,
  checker: TypeScript.TypeChecker,
  root: TypeScript.Type,
): ConfigSchema {
  const open: TypeScript.Type[] = [];
  return schemaOf(root);

  function schemaOf(type: TypeScript.Type): ConfigSchema {
    const { flags } = type;
    if (type.isStringLiteral() || type.isNumberLiteral()) return constant(type.value);
    if (flags & TypeFlags.BooleanLiteral) return constant(checker.typeToString(type) === 'true');
    if (flags & TypeFlags.BooleanLike) return { type: 'boolean' };
    if (flags & TypeFlags.StringLike) return { type: 'string' };
    if (flags & TypeFlags.NumberLike) return { type: 'number' };
    if (flags & TypeFlags.Null) return { type: 'null' };
    if (flags & TypeFlags.NonPrimitive) return { type: 'object' };
    if (open.filter(each => each === type).length > maxRecursion) return {};
    open.push(type);
    try {
      return structuredSchema(type);
    } finally {
      open.pop();
    }
  }

  function structuredSchema(type: TypeScript.Type): ConfigSchema {
    if (type.isUnion()) return unionSchema(type.types);
    const isObject = type.flags & (TypeFlags.Object | TypeFlags.Intersection);
    if (!isObject || isCallable(type)) return {};
    if (checker.isTupleType(type)) {
      const parts = checker.getTypeArguments(type as TypeScript.TypeReference);
      return { type: 'array', items: unionSchema(parts) };
    }
    if (checker.isArrayLikeType(type)) {
      return { type: 'array', items: indexSchema(type, TypeFlags.Number) ?? {} };
    }
    return objectSchema(type);
  }

  function objectSchema(type: TypeScript.Type): ConfigSchema {
    const all = checker.getPropertiesOfType(type);
    const values = all.filter(property => !isCallable(checker.getTypeOfSymbol(property)));
    // A class such as Date, which can't occur in a file.
    if (values.length === 0 && all.length > 0) return {};
    const properties = Object.fromEntries(values.map(each => [each.name, propertySchema(each)]));
    const required = values.filter(isRequired).map(({ name }) => name);
    const others = indexSchema(type, TypeFlags.String);
    return {
      type: 'object',
      ...(values.length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...(others && { additionalProperties: others }),
    };
  }

  function propertySchema(property: TypeScript.Symbol): ConfigSchema {
    const { own, items } = annotationsOf(property);
    const schema = schemaOf(checker.getTypeOfSymbol(property));
    if (!items) return { ...schema, ...own };
    return { ...schema, ...own, items: { ...schema.items, ...items } };
  }

  function unionSchema(types: readonly TypeScript.Type[]): ConfigSchema {
    const given = types.filter(type => !(type.flags & (TypeFlags.Undefined | TypeFlags.Void)));
    const schemas = dropDuplicates(given.map(schemaOf));
    const constants = schemas.filter(schema => schema.const !== undefined);
    const others = schemas.filter(schema => schema.const === undefined);
    const values = constants.map(schema => schema.const);
    // TypeScript splits `boolean` into `true` and `false` in a union with other types.
    if (values.includes(true) && values.includes(false)) others.push({ type: 'boolean' });
    const fixed = others.some(({ type }) => type === 'boolean')
      ? values.filter(value => typeof value !== 'boolean')
      : values;
    if (fixed.length > 1) others.push({ enum: fixed });
    else if (fixed.length === 1) others.push(constant(fixed[0]));
    return others.length === 1 ? others[0]! : { anyOf: others };
  }

  function indexSchema(type: TypeScript.Type, key: TypeScript.TypeFlags): ConfigSchema | undefined {
    const info = checker.getIndexInfosOfType(type).find(({ keyType }) => keyType.flags & key);
    return info && schemaOf(info.type);
  }

  function isRequired(property: TypeScript.Symbol): boolean {
    if (property.flags & SymbolFlags.Optional) return false;
    const type = checker.getTypeOfSymbol(property);
    const loose = TypeFlags.Any | TypeFlags.Unknown | TypeFlags.Undefined | TypeFlags.Never;
    return !(type.isUnion() ? type.types : [type]).some(({ flags }) => flags & loose);
  }

  function isCallable(type: TypeScript.Type): boolean {
    return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
  }
}

function constant(value: unknown): ConfigSchema {
  return { type: typeof value, const: value };
}

function dropDuplicates(schemas: readonly ConfigSchema[]): ConfigSchema[] {
  return [...new Map(schemas.map(schema => [JSON.stringify(schema), schema])).values()];
}
