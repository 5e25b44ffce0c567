// Understands the patterns in which rules name locations.

/**
 * `*` is anything within a segment, `**` anything at all, `?` one character; case counts, all else is literal. Goes through a
 * text once, at all places of the pattern at the same time: whoever registers locations chooses the text, and a regular
 * expression would try the ways to match one after another.
 */
export function createGlobMatcher(pattern: string): (text: string) => boolean {
  const parts = pattern.match(/\*\*\/?|[^]/g) ?? [];
  const isWildcard = parts.map(part => part.startsWith('*'));
  /** A wildcard may be nothing. */
  const reach = (places: Uint8Array, place: number): void => {
    places[place] = 1;
    for (let at = place; isWildcard[at]; at++) places[at + 1] = 1;
  };
  return text => {
    let places = new Uint8Array(parts.length + 1);
    reach(places, 0);
    for (let index = 0; index < text.length; index++) {
      const next = new Uint8Array(parts.length + 1);
      const character = text[index]!;
      parts.forEach((part, place) => {
        if (!places[place]) return;
        const fits =
          part === '*' || part === '?' ? character !== '/' : isWildcard[place] || part === character;
        if (fits) reach(next, isWildcard[place] ? place : place + 1);
      });
      places = next;
    }
    return places[parts.length] === 1;
  };
}
