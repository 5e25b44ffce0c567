// Pseudo-random choices: the same seed gives the same choices.

/** Returns `below(limit)`, `chance(share)`, `pick(list)`, and `some(list, most)`, which returns distinct items. */
export function randomChoices(seed) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = limit => Math.floor(random() * limit);
  const pick = list => list[below(list.length)];
  return {
    below,
    pick,
    chance: share => random() < share,
    some: (list, most) => [
      ...new Set(Array.from({ length: list.length && below(most + 1) }, () => pick(list))),
    ],
  };
}
