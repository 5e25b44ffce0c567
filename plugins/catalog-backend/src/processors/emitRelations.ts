// Makes relations, both ways, of the fields of an entity that refer to others.
import { type Entity, getCompoundEntityRef, parseEntityRef } from '@backstage/catalog-model';
import type { CatalogProcessorEmit, EntityRelationField } from '@greenroom/plugin-catalog-node';
import { PlacedError } from '../processing/PlacedError';

/** @throws a `PlacedError` where a reference can't be understood */
export function emitRelations(
  entity: Entity,
  fields: readonly EntityRelationField[],
  emit: CatalogProcessorEmit,
): void {
  const self = getCompoundEntityRef(entity);
  for (const { field, type, inverse, defaultKind } of fields) {
    const value = entity.spec?.[field];
    if (value === undefined || value === null) continue;
    for (const [index, ref] of (Array.isArray(value) ? value : [value]).entries()) {
      const other = parse(ref, Array.isArray(value) ? ['spec', field, index] : ['spec', field]);
      emit({ type: 'relation', relation: { source: self, type, target: other } });
      emit({ type: 'relation', relation: { source: other, type: inverse, target: self } });
    }

    function parse(ref: unknown, path: Array<string | number>) {
      const context = { defaultNamespace: self.namespace, ...(defaultKind && { defaultKind }) };
      try {
        return parseEntityRef(ref as string, context);
      } catch (error) {
        throw new PlacedError(
          path,
          `${path.join('.')} is not an entity reference: ${(error as Error).message}`,
        );
      }
    }
  }
}
