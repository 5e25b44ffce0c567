// Processes claimed entities and prepares their results for storage.
import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Entity } from '@backstage/catalog-model';
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { DocumentLines } from '../ingestion/DocumentLines';
import { mapConcurrently } from '../ingestion/mapConcurrently';
import type { PostponedEntity, ProcessedEntity } from './commitProcessing';
import type { ClaimedEntity } from './ProcessingLease';
import type { ProcessingPipeline } from './ProcessingPipeline';
import type { ProcessingProblem, ProcessingResult } from './ProcessingResult';

/** Most processing is computation, but waiting for a file or host must not block other entities. */
const CONCURRENCY = 16;
/** How long a batch waits for one of its entities. */
const PATIENCE_MS = 60_000;

export interface ProcessOptions {
  readonly logger: LoggerService;
  readonly pipeline: ProcessingPipeline;
  readonly fingerprint: string;
  /** Milliseconds until the next processing, depending on whether the result depends on external data. */
  readonly dueIn: (external: boolean) => number;
  /** How long a batch waits for one of its entities, in milliseconds. Defaults to a minute. */
  readonly patienceMs?: number;
  /** Once aborted, no entity is begun or waited for any more. */
  readonly signal?: AbortSignal;
}

/** Results that have changed, and entities that only have to be rescheduled. */
export interface ProcessedBatch {
  readonly changed: readonly ProcessedEntity[];
  readonly same: readonly PostponedEntity[];
  /** New problems only. */
  readonly problems: ReadonlyArray<{ readonly entity: Entity; readonly problem: ProcessingProblem }>;
}

/** What has been processed in time, and the entities that go on: one batch each, which may never be done. */
export interface Processed {
  readonly batch: ProcessedBatch;
  readonly late: ReadonlyArray<Promise<ProcessedBatch>>;
}

interface Outcome {
  readonly row: ClaimedEntity;
  readonly entity: Entity;
  readonly result: ProcessingResult | 'unchanged';
}

/** Never rejects. Waits for all entities but those that take long, as a processor of a module may never answer. */
export async function processClaimed(
  claimed: readonly ClaimedEntity[],
  options: ProcessOptions,
): Promise<Processed> {
  const { logger, patienceMs = PATIENCE_MS, signal } = options;
  if (signal) setMaxListeners(CONCURRENCY, signal);
  const late: Array<Promise<ProcessedBatch>> = [];
  const outcomes = await mapConcurrently(claimed, CONCURRENCY, async row => {
    if (signal?.aborted) return undefined;
    const outcome = processOne(row, options);
    const inTime = await within(patienceMs, outcome, signal);
    if (!inTime) {
      if (!signal?.aborted) logger.warn(explainSlowness(row.entity_ref, patienceMs));
      late.push(outcome.then(each => toBatch([each], options)));
    }
    return inTime;
  });
  return {
    batch: toBatch(
      outcomes.filter(outcome => outcome !== undefined),
      options,
    ),
    late,
  };
}

async function processOne(row: ClaimedEntity, { pipeline, fingerprint }: ProcessOptions): Promise<Outcome> {
  const entity = JSON.parse(row.unprocessed) as Entity;
  const result = await pipeline.process({
    entity,
    ...(row.lines !== null && { lines: JSON.parse(row.lines) as DocumentLines }),
    ...(row.origin !== null && { origin: row.origin }),
    ...(row.cache !== null && { cache: row.cache }),
    mayBeUnchanged: row.result_hash !== null && row.pipeline === fingerprint,
  });
  return { row, entity, result };
}

/** Undefined if it takes longer, or longer than until the signal. */
async function within<T>(
  milliseconds: number,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout;
  let giveUp: () => void;
  const end = new Promise<undefined>(resolve => {
    giveUp = () => resolve(undefined);
    timer = setTimeout(giveUp, milliseconds);
    signal?.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer!);
    signal?.removeEventListener('abort', giveUp!);
  }
}

function toBatch(outcomes: readonly Outcome[], { fingerprint, dueIn }: ProcessOptions): ProcessedBatch {
  const changed: ProcessedEntity[] = [];
  const same: PostponedEntity[] = [];
  const problems: Array<{ entity: Entity; problem: ProcessingProblem }> = [];
  for (const { row, entity, result } of outcomes) {
    const { id } = row;
    const wasDueAt = Number(row.due_at);
    if (result === 'unchanged') {
      same.push({ id, wasDueAt, dueInMs: dueIn(true) });
      continue;
    }
    const { problems: found, external, ...output } = result;
    const errors = found.length > 0 ? JSON.stringify(found) : null;
    const resultHash = hashOf(output, errors);
    const base = { id, wasDueAt, dueInMs: dueIn(external) };
    if (resultHash === row.result_hash && row.pipeline === fingerprint) same.push(base);
    else changed.push({ ...base, ...output, ref: row.entity_ref, errors, pipeline: fingerprint, resultHash });
    if (errors !== row.errors) problems.push(...found.map(problem => ({ entity, problem })));
  }
  return { changed, same, problems };
}

function explainSlowness(ref: string, milliseconds: number): string {
  return (
    `Processing '${ref}' has taken ${milliseconds / 1000} s and goes on; until it is done, the entity stays as it is. A processor ` +
    'or placeholder of a module, or a host that it is read from, does not answer'
  );
}

function hashOf(
  {
    processed,
    children,
    unread,
    relations,
    refreshKeys,
    cache,
  }: Omit<ProcessingResult, 'problems' | 'external'>,
  errors: string | null,
): string {
  const parts = [processed, errors, cache, JSON.stringify(relations), JSON.stringify([refreshKeys, unread])];
  const hash = createHash('sha1');
  for (const part of parts) hash.update(`${part}\n`);
  for (const child of children) hash.update(`${child.ref}\n${child.locationKey}\n${child.hash}\n`);
  return hash.digest('hex');
}
