// What the catalog tells about its last reading of the sources.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { describeIngestionRefusal, type IngestionRefusal } from '@greenroom/plugin-catalog-node';

/** Numbers and refusals; `documentsSeen` is `entitiesServed` plus the refusals whose subject is a document. */
export interface IngestionReport {
  readonly filesRead: number;
  readonly documentsSeen: number;
  readonly entitiesServed: number;
  readonly refused: readonly IngestionRefusal[];
}

/** Logs one line of summary, and with `details` one line a refusal. */
export function logIngestionReport(
  report: IngestionReport,
  logger: LoggerService,
  options: { readonly details: boolean },
): void {
  const { entitiesServed, filesRead, refused } = report;
  const read = `Read ${count(entitiesServed, 'entity', 'entities')} from ${count(filesRead, 'file', 'files')}`;
  if (refused.length === 0) {
    logger.info(read);
    return;
  }
  const perSubject = (['document', 'file', 'location'] as const)
    .map(subject => [subject, refused.filter(refusal => refusal.subject === subject).length] as const)
    .filter(([, number]) => number > 0)
    .map(([subject, number]) => count(number, subject, `${subject}s`));
  logger.warn(`${read}; refused ${perSubject.join(', ')}${options.details ? ':' : ''}`);
  if (!options.details) return;
  for (const refusal of refused) logger.warn(describeIngestionRefusal(refusal));
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
