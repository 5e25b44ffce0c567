// Splits arrays into batches that a single statement can handle.

/** Consecutive slices of `items` with `size` items each; the last one may be shorter. */
export function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
