// Splits arrays into batches that a single statement can handle.

/** A list of all texts is made of them, and copied some times, for one statement; 512 MiB are the most that is possible. */
const MAX_LENGTH = 8 * 1024 * 1024;

/** Consecutive parts of `items`, each of `size` items or fewer where their texts get too long, the last one of what is left. */
export function* batches<T>(
  items: readonly T[],
  size: number,
  lengthOf: (item: T) => number = () => 0,
): Generator<T[]> {
  let batch: T[] = [];
  let length = 0;
  for (const item of items) {
    const own = lengthOf(item);
    if (batch.length === size || (batch.length > 0 && length + own > MAX_LENGTH)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(item);
    length += own;
  }
  if (batch.length > 0) yield batch;
}
