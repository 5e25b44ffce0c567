// Finds the known id that was probably meant, for messages.

/** Shorter ids differ in too few letters for similarity to mean anything. */
const SHORTEST = 3;

/** The most similar known id as `{ nearest }`, or `{}` if none is similar. Slow, so only called for messages. */
export function nearestId(id: string, known: Iterable<string>): { nearest?: string } {
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    if (candidate === id) continue;
    const distance = unlikeness(id.toLowerCase(), candidate.toLowerCase(), least);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest === undefined ? {} : { nearest };
}

/** The edit distance; `Infinity` for ids that are not similar, or clearly no closer than `least`. */
function unlikeness(id: string, candidate: string, least: number): number {
  // A shared prefix up to a dot says where the ids belong, not what they name.
  const [a, b] = withoutSharedScope(id, candidate);
  if (Math.min(a.length, b.length) < SHORTEST) return Infinity;
  const most = Math.floor(Math.max(a.length, b.length) / 3);
  // The id of a package instead of that of its plugin: `catalog-backend` for `catalog`.
  if (a.startsWith(`${b}-`)) return most;
  if (Math.abs(a.length - b.length) > Math.min(most, least)) return Infinity;
  const shared = sharedLength(a, b);
  const distance = editDistance(a.slice(shared), b.slice(shared));
  return distance <= most ? distance : Infinity;
}

/** The length of the common prefix. Thousands of ids may share one, and only the rest takes the expensive comparison. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function withoutSharedScope(a: string, b: string): [string, string] {
  const shared = a.slice(0, sharedLength(a, b)).lastIndexOf('.') + 1;
  return [a.slice(shared), b.slice(shared)];
}

/** Counts insertions, deletions, replacements, and swaps of neighbouring letters. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1, exchanged));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
