// Finds out which field a validator's message refers to.
import type { ValuePath } from '../ingestion/findUnfitValue';
import { PlacedError } from './PlacedError';

/** Fields of metadata whose messages do not mention metadata. */
const MAPS_IN_METADATA = new Set(['annotations', 'labels']);
const LISTS_IN_METADATA = new Set(['links', 'tags']);

/**
 * Understands the messages of JSON schemas, such as `/spec/type must be string`, and of field formats, such as
 * `"metadata.name" is not valid; ...`. Any other message is kept as it is, and applies to the whole document.
 */
export function explainValidationError(error: unknown): PlacedError {
  if (error instanceof PlacedError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const schema = /^(?:Malformed envelope, )?(?:<root>|(\/.*?)) (must .*)$/s.exec(message);
  if (schema) {
    const path = schema[1] === undefined ? [] : schema[1].slice(1).split('/').map(unescapePointer);
    const rule = (schema[2] ?? '').replace(/ - \w+: [^:]*$/, '');
    const missing = /^must have required property '(.*)'$/.exec(rule)?.[1];
    if (missing !== undefined) return new PlacedError(path, `${[...path, missing].join('.')} is missing`);
    return new PlacedError(path, `${path.join('.') || 'the document'} ${rule}`);
  }
  const format = /^"(.*?)" is not valid; (.*?)(?:\. To learn more .*)?$/s.exec(message);
  if (format) {
    const path = metadataPath(format[1] ?? '');
    return new PlacedError(path, `${path.join('.')} is not valid: ${format[2]}`);
  }
  return new PlacedError([], message);
}

function unescapePointer(segment: string): string {
  return segment.replace(/~1/g, '/').replace(/~0/g, '~');
}

function metadataPath(dotted: string): ValuePath {
  const [first = '', ...rest] = dotted.split('.');
  if (MAPS_IN_METADATA.has(first)) return ['metadata', first, rest.join('.')];
  if (LISTS_IN_METADATA.has(first)) return ['metadata', first, ...rest];
  return [first, ...rest];
}
