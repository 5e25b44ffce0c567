// Keeps maps within a bound that callers nobody knows may fill.

/** Sets a value as the newest one; beyond `most` entries the oldest goes. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most) map.delete(oldest!);
}
