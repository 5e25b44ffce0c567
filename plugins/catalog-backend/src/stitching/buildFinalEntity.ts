// Builds the entity that is served, from its processing result and the relations that others have to it.
import { createHash } from 'node:crypto';
import type { Entity } from '@backstage/catalog-model';
import { describeIngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { ProcessingProblem } from '../processing/ProcessingResult';

const STATUS_TYPE = 'backstage.io/catalog-processing';
const ORPHAN_ANNOTATION = 'backstage.io/orphan';

export interface StitchInput {
  readonly id: number;
  readonly uid: string;
  readonly processed: string;
  readonly errors: string | null;
  /** Whether the entity has no references any more. */
  readonly orphan: boolean;
  readonly relations: Array<{ type: string; targetRef: string }>;
}

/** Returns the entity, its JSON text as it is sent, and an etag for that text. The same input gives the same text. */
export function buildFinalEntity({ uid, processed, errors, orphan, relations }: StitchInput) {
  const { metadata, relations: _relations, ...rest } = JSON.parse(processed) as Entity;
  const { uid: _uid, etag: _etag, ...given } = metadata;
  const annotations = orphan ? { ...given.annotations, [ORPHAN_ANNOTATION]: 'true' } : given.annotations;
  const status = errors === null ? undefined : statusOf(JSON.parse(errors) as ProcessingProblem[]);
  const etag = createHash('sha1')
    .update(JSON.stringify([processed, errors, orphan, relations]))
    .digest('hex');
  const entity = {
    ...rest,
    metadata: { ...given, ...(annotations && { annotations }), uid, etag } as Entity['metadata'],
    relations,
    ...(status && { status }),
  };
  return { entity, json: JSON.stringify(entity), etag };
}

function statusOf(problems: readonly ProcessingProblem[]) {
  const items = problems.map(({ name, refusal }) => {
    const message = describeIngestionRefusal(refusal);
    return { type: STATUS_TYPE, level: 'error', message: `${name}: ${message}`, error: { name, message } };
  });
  return { items };
}
