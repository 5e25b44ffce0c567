// Describes the problem of a source that supplies an entity belonging to another source.
import { type DocumentLines, placeOf } from '../ingestion/DocumentLines';
import type { ClaimConflict } from './addUnprocessed';
import type { ProcessingProblem } from './ProcessingResult';

/** The problem points to the refused document and mentions the one that is used. */
export function describeConflict({ entity, heldBy, heldAt }: ClaimConflict): ProcessingProblem {
  const { ref, locationKey, json } = entity;
  const lines = entity.lines === null ? undefined : (JSON.parse(entity.lines) as DocumentLines);
  return {
    name: 'ConflictError',
    own: false,
    refusal: {
      subject: 'document',
      ...placeOf(lines, [], locationKey ?? 'unknown'),
      entityRef: ref,
      reason: `'${ref}' is already defined at ${heldAt ?? heldBy}, and the first source keeps it`,
    },
    document: JSON.parse(json) as unknown,
  };
}
