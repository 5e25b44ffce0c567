// Extracts what can be checked from a Markdown document: code blocks, links, headings and paths.
import GithubSlugger from 'github-slugger';
import { marked } from 'marked';

/**
 * Returns `{ blocks, links, anchors, codes }` of a document. A block is `{ language, title, code, line, context }`:
 * `title` comes from `title=` after its language, and `context` is the code in a comment `<!-- code: ... -->`
 * directly before it, which the reader does not need to see. `codes` are inline.
 */
export function readMarkdown(text) {
  const slugger = new GithubSlugger();
  const found = { blocks: [], links: [], anchors: new Set(), codes: [] };
  let context;
  let offset = 0;
  for (const token of marked.lexer(text)) {
    const line = text.slice(0, text.indexOf(token.raw, offset)).split('\n').length;
    if (token.type === 'code' && /^(`{3}|~{3})/.test(token.raw.trimStart())) {
      const [language = '', ...info] = (token.lang ?? '').split(/\s+/);
      const title = /title=(\S+)/.exec(info.join(' '))?.[1]?.replace(/^"|"$/g, '');
      found.blocks.push({ language, title, code: token.text, line, context });
    }
    if (token.type === 'html') context = /<!--\s*code:([\s\S]*?)-->/.exec(token.raw)?.[1] ?? context;
    else if (token.type !== 'space') context = undefined;
    marked.walkTokens([token], inner => {
      if (inner.type === 'link' || inner.type === 'image') found.links.push({ href: inner.href, line });
      if (inner.type === 'heading') found.anchors.add(slugger.slug(plainText(inner)));
      if (inner.type === 'codespan') found.codes.push({ text: inner.text, line });
    });
    offset += token.raw.length;
  }
  return found;
}

function plainText(token) {
  return (token.tokens ?? []).map(inner => (inner.tokens ? plainText(inner) : inner.text)).join('');
}
