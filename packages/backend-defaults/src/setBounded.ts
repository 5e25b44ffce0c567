// Bounds the size of maps that unknown callers may fill.

/** Sets a value as the newest one. Beyond `most` entries, removes the oldest. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most) map.delete(oldest!);
}
