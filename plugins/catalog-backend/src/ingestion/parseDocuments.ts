// Splits YAML or JSON text into documents with line numbers.
import { composeDocuments, findUnfitSyntax } from '@greenroom/plugin-catalog-node/internal';
import * as yaml from 'yaml';
import { type Document, isScalar, LineCounter, type ParsedNode } from 'yaml';
import { collectLines, offsetInDocument } from './DocumentLines';
import { findUnfitValue, type ValuePath } from './findUnfitValue';

const MAX_DOCUMENTS = 50_000;

/** A document: either its value, or the reason why it has none. */
export interface ParsedDocument {
  /** Where its content starts, or where the error is; counted from 1. */
  readonly line: number;
  readonly value?: unknown;
  readonly reason?: string;
  /** The line numbers of the upper levels, by path as JSON. */
  readonly lines: Readonly<Record<string, number>>;
  /** The line of the element at `path`, or of its closest existing ancestor. */
  lineOf(path: ValuePath): number;
}

/** Parses all documents in `text`, skipping empty ones. A broken document does not affect the others. */
export function* parseDocuments(text: string): Generator<ParsedDocument> {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const options = { merge: true, maxDocuments: MAX_DOCUMENTS };
  for (const composed of composeDocuments(yaml, text, lines, options)) {
    if ('stop' in composed) {
      yield refused(lineAt(composed.stop), `${composed.reason}; the file is not read from here on`);
    } else if (composed.errors.length > 0 || !isEmpty(composed)) {
      yield evaluate(composed, lineAt);
    }
  }
}

function evaluate(document: Document.Parsed, lineAt: (offset: number) => number): ParsedDocument {
  const [error] = document.errors;
  if (error) return refused(lineAt(error.pos[0]), `syntax error: ${error.message}`);
  const unfit = findUnfitSyntax(yaml, document);
  if (unfit) return refused(lineAt(unfit.offset), unfit.reason);
  const lineOf = (path: ValuePath) => lineAt(offsetInDocument(document, path));
  try {
    const value: unknown = document.toJS();
    const problem = findUnfitValue(value);
    if (problem) return refused(lineOf(problem.path), problem.reason);
    return { line: lineOf([]), value, lines: collectLines(document, lineAt), lineOf };
  } catch (cause) {
    return refused(lineOf([]), `the aliases can't be resolved: ${(cause as Error).message}`);
  }
}

function isEmpty({ contents }: Document.Parsed<ParsedNode>): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function refused(line: number, reason: string): ParsedDocument {
  return { line, reason, lines: {}, lineOf: () => line };
}
