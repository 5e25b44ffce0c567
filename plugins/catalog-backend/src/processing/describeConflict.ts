// Describes the problem of a source that supplies an entity belonging to another source.
import { type DocumentLines, lineAt } from '../ingestion/DocumentLines';
import type { ClaimConflict } from './addUnprocessed';
import type { ProcessingProblem } from './ProcessingResult';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** The problem points to the refused document and mentions the one that is used. */
export function describeConflict(
  { ref, heldBy, heldAt }: ClaimConflict,
  children: readonly UnprocessedEntity[],
): ProcessingProblem {
  const child = children.find(given => given.ref === ref);
  const lines = child?.lines == null ? undefined : (JSON.parse(child.lines) as DocumentLines);
  const line = lines && lineAt(lines, []);
  return {
    name: 'ConflictError',
    own: false,
    refusal: {
      subject: 'document',
      file: lines?.file ?? child?.locationKey ?? 'unknown',
      ...(line !== undefined && { line }),
      entityRef: ref,
      reason: `'${ref}' is already defined at ${heldAt ?? heldBy}, and the first source keeps it`,
    },
    ...(child && { document: JSON.parse(child.json) as unknown }),
  };
}
