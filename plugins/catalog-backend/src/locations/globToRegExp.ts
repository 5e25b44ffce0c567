// Understands the patterns in which rules name locations.

/** `*` is anything within a segment, `**` anything at all, `?` one character; case counts, all else is literal. */
export function globToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, part => {
    if (part.startsWith('**')) return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
