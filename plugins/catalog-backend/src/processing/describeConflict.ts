// Words the problem of a source that gives an entity which another source has.
import { type DocumentLines, lineAt } from '../ingestion/DocumentLines';
import type { ClaimConflict } from './addUnprocessed';
import type { ProcessingProblem } from './ProcessingResult';
import type { UnprocessedEntity } from './UnprocessedEntity';

/** The problem points at the document that is refused, and names the one that counts. */
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
