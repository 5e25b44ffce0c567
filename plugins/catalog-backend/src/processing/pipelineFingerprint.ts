// Tells whether a stored result was made the way it would be made now.
import { createHash } from 'node:crypto';
import type { PipelineOptions } from './ProcessingPipeline';

/** Grows with every change of what processing gives for the same entity. */
const VERSION = 2;

/** The same for instances with the same modules, rules and git hosts. */
export function pipelineFingerprint(
  { processors, kinds, placeholders, readers, gitHosts }: PipelineOptions,
  rules: string,
): string {
  const parts = [
    VERSION,
    processors.map(processor => processor.getProcessorName()),
    kinds.describe(),
    [...placeholders.keys()],
    readers.map(({ type }) => type),
    [...gitHosts],
    rules,
  ];
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
