// Turns the text of a file into one entity or error per document.
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import {
  type CatalogProcessorResult,
  type CatalogProcessorParser,
  type IngestionRefusal,
  processingResult,
} from '@greenroom/plugin-catalog-node';
import { findForeignShape } from '../validation/EntityValidator';
import { DocumentError } from './DocumentError';
import { rememberLines } from './DocumentLines';
import { decodeText } from './readBytes';
import { parseDocuments, type ParsedDocument } from './parseDocuments';

/** Yields to the event loop after this many documents: parsing ten thousand takes seconds. */
const DOCUMENTS_A_TURN = 100;

/** The default file parser. Remembers the line numbers of the entities that it returns. */
export const parseEntityFile: CatalogProcessorParser = async function* parse({ data, location }) {
  const file = location.target;
  const text = decodeText(data);
  if ('reason' in text) {
    yield error({ subject: 'file', file, reason: text.reason });
    return;
  }
  let turn = 0;
  for (const document of parseDocuments(text.text)) {
    yield judge(document);
    turn += 1;
    if (turn % DOCUMENTS_A_TURN === 0) await new Promise(setImmediate);
  }

  function judge(document: ParsedDocument): CatalogProcessorResult {
    const { line, reason, value } = document;
    if (reason !== undefined) return error({ subject: 'document', file, line, reason }, value);
    const foreign = findForeignShape(value);
    if (foreign) {
      return error(
        { subject: 'document', file, line: document.lineOf(foreign.path), reason: foreign.reason },
        value,
      );
    }
    const entity = value as Entity;
    rememberLines(entity, { file, lines: document.lines });
    return processingResult.entity(location, entity);
  }

  function error(refusal: IngestionRefusal, document?: unknown): CatalogProcessorResult {
    return { type: 'error', location, error: new DocumentError(refusal, document) };
  }
};

/** Undefined unless the parts look valid, because a reference with e.g. a placeholder in it would be misleading. */
export function plausibleRef(entity: Entity): string | undefined {
  const { namespace, name } = entity.metadata;
  const parts: unknown[] = [entity.kind, namespace ?? 'default', name];
  const plausible = parts.every(part => typeof part === 'string' && /^[\w.-]+$/.test(part));
  return plausible ? stringifyEntityRef(entity) : undefined;
}
