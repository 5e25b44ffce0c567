// Splits arrays into batches that a single statement can handle.

/** The parameters of a statement are copied several times before they are sent, and a string can't exceed 512 MiB. */
const MAX_LENGTH = 8 * 1024 * 1024;

/** Consecutive slices of `items` with `size` items each, or fewer if their total length would get too large. */
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
