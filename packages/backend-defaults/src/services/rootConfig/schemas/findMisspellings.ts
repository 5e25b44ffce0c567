// Tells where an unknown key is most likely a known one with a slip.
import type { ConfigPath } from '../ConfigDocument';
import { configKey } from './configKey';

// Shorter keys differ in too few letters for a likeness to mean anything.
const shortest = 3;

/** A sentence for each unknown key that is much like one of those beside it. */
export async function findMisspellings(
  unknown: ReadonlyArray<{ path: ConfigPath; known: ReadonlySet<string> }>,
): Promise<Array<{ path: ConfigPath; message: string }>> {
  if (unknown.length === 0) return [];
  const { closest, distance } = await import('fastest-levenshtein');
  return unknown.flatMap(({ path, known }) => {
    const key = String(path.at(-1));
    if (key.length < shortest) return [];
    const likely = closest(key, [...known]);
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
