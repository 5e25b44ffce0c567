// Splits the text of a YAML or JSON file into documents that remember their lines.
import { Composer, type Document, isScalar, Lexer, LineCounter, Parser, type ParsedNode } from 'yaml';
import { collectLines, offsetInDocument } from './DocumentLines';
import { findUnfitSyntax } from './findUnfitSyntax';
import { findUnfitValue, type ValuePath } from './findUnfitValue';

const MAX_DOCUMENTS = 50_000;
const MAX_NESTING = 200;

/** A document: either its value, or why it has none. */
export interface ParsedDocument {
  /** Where its content starts, or where it went wrong; counted from 1. */
  readonly line: number;
  readonly value?: unknown;
  readonly reason?: string;
  /** The lines of the upper levels, by their path as JSON. */
  readonly lines: Readonly<Record<string, number>>;
  /** The line of the thing at `path`, or of the closest thing around it that exists. */
  lineOf(path: ValuePath): number;
}

/** Parses all documents of `text`, skipping empty ones. A document that is broken does not affect the others. */
export function* parseDocuments(text: string): Generator<ParsedDocument> {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  for (const composed of compose(text, lines)) {
    if ('stop' in composed) {
      yield refused(lineAt(composed.stop), `${composed.reason}; the file is not read from here on`);
    } else if (composed.errors.length > 0 || !isEmpty(composed)) {
      yield evaluate(composed, lineAt);
    }
  }
}

/** Why the rest of the file, from the offset `stop` on, is not read. */
interface Stopped {
  readonly stop: number;
  readonly reason: string;
}

/**
 * Runs the parser's stages by hand, in order to stop at a nesting that only an attack has: composing is recursive, and
 * running out of stack within it can end the whole process. For the same reason keys are not compared here: that takes
 * quadratic time.
 */
function* compose(text: string, lines: LineCounter): Generator<Document.Parsed | Stopped> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({ merge: true, prettyErrors: false, uniqueKeys: false });
  let offset = 0;
  let documents = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      for (const document of composer.next(token)) {
        documents += 1;
        yield document;
      }
    }
    offset += lexeme.length;
    if (parser.stack.length > MAX_NESTING) {
      yield* composer.end();
      yield { stop: offset, reason: `nested deeper than ${MAX_NESTING} levels` };
      return;
    }
    if (documents >= MAX_DOCUMENTS) {
      yield { stop: offset, reason: `more than ${MAX_DOCUMENTS} documents` };
      return;
    }
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}

function evaluate(document: Document.Parsed, lineAt: (offset: number) => number): ParsedDocument {
  const [error] = document.errors;
  if (error) return refused(lineAt(error.pos[0]), `syntax error: ${error.message}`);
  const unfit = findUnfitSyntax(document);
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
