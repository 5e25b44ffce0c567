// Tells where an unknown key is most likely a known one with a slip.
import type { ConfigPath } from '../ConfigDocument';
import { configKey } from './configKey';

// Shorter keys differ in too few letters for a likeness to mean anything.
const shortest = 3;

/** A sentence for each unknown key that is much like one of those beside it. */
export function findMisspellings(
  unknown: ReadonlyArray<{ path: ConfigPath; known: ReadonlySet<string> }>,
): Array<{ path: ConfigPath; message: string }> {
  return unknown.flatMap(({ path, known }) => {
    const key = String(path.at(-1));
    if (key.length < shortest) return [];
    const [likely] = [...known].sort((a, b) => distance(key, a) - distance(key, b));
    if (likely === undefined) return [];
    const letters = distance(key.toLowerCase(), likely.toLowerCase());
    const most = Math.max(1, Math.floor(Math.min(key.length, likely.length) / 3));
    // Two letters in the wrong order count as two changes.
    if (letters > most && !(letters === 2 && haveSameLetters(key, likely))) return [];
    return [
      { path, message: `${configKey(path)} is not known and has no effect: did you mean '${likely}'?` },
    ];
  });
}

function haveSameLetters(a: string, b: string): boolean {
  const sorted = (text: string) => [...text.toLowerCase()].sort().join('');
  return sorted(a) === sorted(b);
}

/** How many letters have to be changed, added or taken away (Levenshtein). */
function distance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      current[column] = Math.min(above[column]! + 1, current[column - 1]! + 1, above[column - 1]! + change);
    }
    above = current;
  }
  return above[to.length]!;
}
