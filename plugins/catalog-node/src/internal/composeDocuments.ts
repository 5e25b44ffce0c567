// Composes the documents of a YAML file one by one, within limits that only malicious files exceed.
import type { Document, LineCounter, SchemaOptions } from 'yaml';

const MAX_NESTING = 200;
/** Keys, values, spaces and signs of one document. They are in memory together: 10 MiB of them would take gigabytes. */
const MAX_PARTS = 1_000_000;

/** The stages of the parser, which the caller has loaded. */
export type YamlStages = Pick<typeof import('yaml'), 'Composer' | 'Lexer' | 'Parser'>;

/** Why the rest of the file, from the offset `stop` on, is not composed. */
export interface StoppedComposing {
  readonly stop: number;
  readonly reason: string;
}

/** How to compose the documents. */
export interface ComposeOptions extends Pick<SchemaOptions, 'merge'> {
  readonly maxDocuments?: number;
}

/**
 * Runs the parser's stages manually in order to stop at excessive nesting or size: composing is recursive, and a stack
 * overflow or a full heap can end the whole process.
 *
 * @param lines - Is filled with the offsets of the lines in `text`
 */
export function* composeDocuments(
  { Composer, Lexer, Parser }: YamlStages,
  text: string,
  lines: LineCounter,
  { maxDocuments = Infinity, ...options }: ComposeOptions,
): Generator<Document.Parsed | StoppedComposing> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  // The check for duplicate keys takes quadratic time; `findUnfitSyntax` does it.
  const composer = new Composer({ ...options, uniqueKeys: false, prettyErrors: false });
  let offset = 0;
  let documents = 0;
  let parts = 0;
  for (const lexeme of new Lexer().lex(text)) {
    parts += 1;
    for (const token of parser.next(lexeme)) {
      parts = 0;
      for (const document of composer.next(token)) {
        documents += 1;
        yield document;
      }
    }
    offset += lexeme.length;
    const isDeep = parser.stack.length > MAX_NESTING;
    if (isDeep || parts > MAX_PARTS) {
      yield* composer.end();
      const reason = isDeep
        ? `nested deeper than ${MAX_NESTING} levels`
        : `a document of more than ${MAX_PARTS} keys, values, spaces and signs`;
      yield { stop: offset, reason };
      return;
    }
    if (documents >= maxDocuments) {
      yield { stop: offset, reason: `more than ${maxDocuments} documents` };
      return;
    }
  }
  for (const token of parser.end()) yield* composer.next(token);
  yield* composer.end();
}
