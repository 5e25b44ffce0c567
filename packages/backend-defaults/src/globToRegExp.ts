// Turns texts with wildcards into regular expressions that take no longer for any text that somebody thinks up.

/**
 * `star` is the expression of a character of which `*` stands for any number; with `question`, `?` stands for any one
 * character. What stands between two stars is taken where it comes first, so that there is one way to match only.
 */
export function globToRegExp(
  glob: string,
  { star, question = false, flags = '' }: { star: string; question?: boolean; flags?: string },
): RegExp {
  const parts = glob.split('*').map(part => {
    const escaped = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return question ? escaped.replaceAll('\\?', '[^]') : escaped;
  });
  const [first, last] = [parts.shift()!, parts.pop()];
  const middle = parts.map(part => `(?:(?!${part})${star})*${part}`).join('');
  return new RegExp(`^${first}${middle}${last === undefined ? '' : `${star}*${last}`}$`, flags);
}
