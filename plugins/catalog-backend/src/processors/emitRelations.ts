// Emits relations, in both directions, for the fields of an entity that refer to other entities.
import type { CompoundEntityRef, Entity } from '@backstage/catalog-model';
import { getCompoundEntityRef, parseEntityRef } from '@greenroom/plugin-catalog-node/internal';
import type { CatalogProcessorEmit, EntityRelationField } from '@greenroom/plugin-catalog-node';
import { valueAt } from '../jsonShapes';
import { PlacedError } from '../validation/PlacedError';

/** A field, anywhere in an entity, that contains a reference or an array of them. */
export interface RelationRule extends Omit<EntityRelationField, 'field'> {
  /** For example `['spec', 'owner']`. */
  readonly path: readonly string[];
  /** The default namespace of references; defaults to that of the entity. */
  readonly defaultNamespace?: string;
  /** The kinds that may be referred to; defaults to any. */
  readonly allowedKinds?: readonly string[];
}

/** @throws a `PlacedError` if a reference is invalid */
export function emitRelations(
  entity: Entity,
  rules: readonly RelationRule[],
  emit: CatalogProcessorEmit,
): void {
  const self = getCompoundEntityRef(entity);
  for (const rule of rules) {
    const value = valueAt(entity, rule.path);
    if (value === undefined || value === null) continue;
    for (const [index, ref] of (Array.isArray(value) ? value : [value]).entries()) {
      const path = Array.isArray(value) ? [...rule.path, index] : rule.path;
      const other = parse(ref, rule, { path, namespace: self.namespace });
      emit({ type: 'relation', relation: { source: self, type: rule.type, target: other } });
      emit({ type: 'relation', relation: { source: other, type: rule.inverse, target: self } });
    }
  }
}

function parse(
  ref: unknown,
  { defaultKind, defaultNamespace, allowedKinds }: RelationRule,
  { path, namespace }: { path: ReadonlyArray<string | number>; namespace: string },
): CompoundEntityRef {
  const context = { defaultNamespace: defaultNamespace ?? namespace, ...(defaultKind && { defaultKind }) };
  let parsed: CompoundEntityRef;
  try {
    parsed = parseEntityRef(ref as string, context);
  } catch (error) {
    throw new PlacedError(path, `${path.join('.')} is not an entity reference: ${(error as Error).message}`);
  }
  const { kind } = parsed;
  if (allowedKinds && !allowedKinds.some(allowed => allowed.toLowerCase() === kind.toLowerCase())) {
    const kinds = allowedKinds.join(', ');
    throw new PlacedError(path, `${path.join('.')} refers to a ${kind}, and may refer to ${kinds} only`);
  }
  return parsed;
}
