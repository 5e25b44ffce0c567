// Converts texts with wildcards to regular expressions that no input can make slow.

/**
 * `star` is the expression for a character of which `*` stands for any number; with `question`, `?` stands for any
 * one character. The text between two stars is matched where it first occurs, so there is only one way to match.
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
