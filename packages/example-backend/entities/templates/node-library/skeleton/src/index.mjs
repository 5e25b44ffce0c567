// What ${{ values.name }} does.

/** Says what it was called with. */
export function announce(who) {
  return `${{ values.name }} is ready for ${who}`;
}
