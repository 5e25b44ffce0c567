// Cuts lists into the portions that one statement can take.

/** Consecutive parts of `items`, each of `size` items, the last one of what is left. */
export function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
