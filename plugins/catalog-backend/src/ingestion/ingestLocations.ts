// Reads all locations, and what they lead to, into one set of entities.
import { realpath } from 'node:fs/promises';
import type { EntityValidator } from '../validation/EntityValidator';
import type { FoundFile } from './FoundFile';
import { findFiles } from './findFiles';
import type { LocationTarget } from './LocationTarget';
import { mapConcurrently } from './mapConcurrently';
import { type ReadEntity, readEntityFile, type Refused } from './readEntityFile';

const CONCURRENCY = 16;

/** What came of reading: each document is among the entities or among the refused ones. */
export interface Ingested {
  readonly filesRead: number;
  readonly documentsSeen: number;
  /** In the order of reading, no two of them with the same reference. */
  readonly entities: readonly ReadEntity[];
  /** In the order of reading. */
  readonly refused: readonly Refused[];
}

/**
 * Reads `targets`, then level by level what their Location entities point at. A file is read once, however many ways
 * lead to it, which also ends cycles. Of two documents that claim one reference, the one read first stays. The order
 * depends on the sources alone: locations in their order, the files of a glob by name.
 */
export async function ingestLocations(
  targets: readonly LocationTarget[],
  validator: EntityValidator,
): Promise<Ingested> {
  const seenFiles = new Set<string>();
  const entities = new Map<string, ReadEntity>();
  const refused: Refused[] = [];
  let filesRead = 0;
  let documentsSeen = 0;

  let level = targets;
  while (level.length > 0) {
    const files = await findNewFiles(level, seenFiles, refused);
    const outcomes = await mapConcurrently(files, CONCURRENCY, file => readEntityFile(file, validator));
    const next: LocationTarget[] = [];
    for (const outcome of outcomes.flat()) {
      const kept = keepOrRefuse(outcome, entities);
      if ('refusal' in kept) refused.push(kept);
      else next.push(...kept.targets);
      if (!('refusal' in kept) || kept.refusal.subject === 'document') documentsSeen += 1;
    }
    filesRead += files.length;
    level = next;
  }
  return { filesRead, documentsSeen, entities: [...entities.values()], refused };
}

async function findNewFiles(
  targets: readonly LocationTarget[],
  seenFiles: Set<string>,
  refused: Refused[],
): Promise<FoundFile[]> {
  const searches = await mapConcurrently(targets, CONCURRENCY, async target => {
    const found = await findFiles(target);
    if ('reason' in found) return { target, found };
    const identities = await mapConcurrently(found.files, CONCURRENCY, path =>
      realpath(path).catch(() => path),
    );
    return { target, found: { ...found, identities } };
  });
  const fresh: FoundFile[] = [];
  for (const { target, found } of searches) {
    if ('reason' in found) {
      refused.push({ refusal: { subject: 'location', ...target.namedBy, reason: found.reason } });
      continue;
    }
    found.files.forEach((path, index) => {
      const identity = found.identities[index] ?? path;
      if (seenFiles.has(identity)) return;
      seenFiles.add(identity);
      fresh.push({ path, origin: found.origin });
    });
  }
  return fresh;
}

function keepOrRefuse(
  outcome: ReadEntity | Refused,
  entities: Map<string, ReadEntity>,
): ReadEntity | Refused {
  if ('refusal' in outcome) return outcome;
  const { entityRef, file, line, entity } = outcome;
  const earlier = entities.get(entityRef);
  if (!earlier) {
    entities.set(entityRef, outcome);
    return outcome;
  }
  const reason = `'${entityRef}' is already defined at ${earlier.file}:${earlier.line}`;
  return { refusal: { subject: 'document', file, line, entityRef, reason }, unprocessedEntity: entity };
}
