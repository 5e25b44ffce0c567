// Finds valid YAML that is unsuitable for a catalog: duplicate keys, and an absurd number of aliases.
import type { Document, Node } from 'yaml';

const MAX_ALIASES = 1_000;

/** The functions of the parser, which the caller has loaded. */
export type YamlNodes = Pick<typeof import('yaml'), 'isNode' | 'isScalar' | 'visit'>;

/** The offset of the offending element in the text, and what is wrong with it. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly reason: string;
}

/** Visits every node once. The parser's own check for duplicate keys takes quadratic time, and so does resolving aliases. */
export function findUnfitSyntax(
  { isNode, isScalar, visit }: YamlNodes,
  document: Document.Parsed,
): SyntaxProblem | undefined {
  let aliases = 0;
  let problem: SyntaxProblem | undefined;
  const refuse = (node: Node, reason: string) => {
    problem = { offset: node.range?.[0] ?? 0, reason };
    return visit.BREAK;
  };
  visit(document, {
    Alias(_, node) {
      aliases += 1;
      if (aliases > MAX_ALIASES) return refuse(node, `more than ${MAX_ALIASES} aliases in one document`);
      return undefined;
    },
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isNode(key)) continue;
        if (!isScalar(key)) return refuse(key, 'a key must be plain text, not a map, a list or an alias');
        // The key `<<` of a merge, which may be there several times.
        if (typeof key.value === 'symbol') continue;
        const name = String(key.value);
        if (seen.has(name)) return refuse(key, `the key '${name}' is there twice`);
        seen.add(name);
      }
      return undefined;
    },
  });
  return problem;
}
