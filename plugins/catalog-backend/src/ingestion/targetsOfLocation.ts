// Follows entities of the kind Location to where they point.
import { dirname } from 'node:path';
import { type Entity, isLocationEntity, stringifyEntityRef } from '@backstage/catalog-model';
import type { FoundFile } from './FoundFile';
import type { LocationTarget } from './LocationTarget';
import type { ParsedDocument } from './parseDocuments';

/** The targets of `entity`, none if it is no Location; relative ones start at the file that names them. */
export function targetsOfLocation(
  entity: Entity,
  file: FoundFile,
  lineOf: ParsedDocument['lineOf'],
): LocationTarget[] {
  if (!isLocationEntity(entity)) return [];
  const { type = 'file', target, targets = [], presence } = entity.spec;
  const entityRef = stringifyEntityRef(entity);
  const toTarget = (name: string, line: number): LocationTarget => ({
    type,
    target: name,
    directory: dirname(file.path),
    optional: presence === 'optional',
    namedBy: { file: file.path, line, entityRef },
    origin: file.origin,
  });
  return [
    ...(target === undefined ? [] : [toTarget(target, lineOf(['spec', 'target']))]),
    ...targets.map((name, index) => toTarget(name, lineOf(['spec', 'targets', index]))),
  ];
}
