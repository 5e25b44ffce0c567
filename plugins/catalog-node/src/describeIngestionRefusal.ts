// Formats a refusal for people.
import type { IngestionRefusal } from './IngestionRefusal';

/**
 * Formats a refusal as one line of text: `file:line: kind:namespace/name: reason`, without unknown parts.
 *
 * @public
 */
export function describeIngestionRefusal({ file, line, entityRef, reason }: IngestionRefusal): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return [place, entityRef, reason].filter(part => part !== undefined).join(': ');
}
