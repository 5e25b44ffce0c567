// Finds what is valid YAML but not fit for a catalog: keys given twice, and more aliases than anyone writes.
import { type Document, isNode, isScalar, visit } from 'yaml';

const MAX_ALIASES = 1_000;

/** Where the culprit starts in the text, and what is wrong with it. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly reason: string;
}

/** Looks at each node once: the parser's own check of keys takes quadratic time, and so does resolving aliases. */
export function findUnfitSyntax(document: Document.Parsed): SyntaxProblem | undefined {
  let aliases = 0;
  let problem: SyntaxProblem | undefined;
  visit(document, {
    Alias(_, node) {
      aliases += 1;
      if (aliases <= MAX_ALIASES) return undefined;
      problem = { offset: node.range?.[0] ?? 0, reason: `more than ${MAX_ALIASES} aliases in one document` };
      return visit.BREAK;
    },
    Map(_, node) {
      const seen = new Set<unknown>();
      for (const { key } of node.items) {
        if (!isNode(key)) continue;
        const name = isScalar(key) ? String(key.value) : undefined;
        if (name === undefined) {
          problem = {
            offset: key.range?.[0] ?? 0,
            reason: 'a key must be plain text, not a map, a list or an alias',
          };
          return visit.BREAK;
        }
        if (seen.has(name)) {
          problem = { offset: key.range?.[0] ?? 0, reason: `the key '${name}' is there twice` };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return problem;
}
