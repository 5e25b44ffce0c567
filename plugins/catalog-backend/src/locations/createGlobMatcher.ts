// Matches the glob patterns for locations in rules.

/**
 * `*` matches anything within a path segment, `**` anything at all, and `?` a single character. Where `**` is a whole
 * segment, it stands for any number of segments, none included. Everything else is literal and case-sensitive. Simulates
 * all possible matches in a single pass over the text, because users who register locations choose the text, and a
 * backtracking regular expression could be made to take forever.
 */
export function createGlobMatcher(pattern: string): (text: string) => boolean {
  const parts = pattern.match(/(?<![^/])\*\*\/|\*\*|[^]/gu) ?? [];
  const isWildcard = parts.map(part => part.startsWith('*'));
  /** Wildcards may also match nothing. */
  const reach = (places: Uint8Array, place: number): void => {
    places[place] = 1;
    for (let at = place; isWildcard[at]; at++) places[at + 1] = 1;
  };
  return text => {
    let places = new Uint8Array(parts.length + 1);
    reach(places, 0);
    for (const character of text) {
      const next = new Uint8Array(parts.length + 1);
      parts.forEach((part, place) => {
        if (!places[place]) return;
        if (part === '**/') {
          // Segments end with a slash.
          next[place] = 1;
          if (character === '/') reach(next, place + 1);
          return;
        }
        const fits =
          part === '*' || part === '?' ? character !== '/' : isWildcard[place] || part === character;
        if (fits) reach(next, isWildcard[place] ? place : place + 1);
      });
      places = next;
    }
    return places[parts.length] === 1;
  };
}
