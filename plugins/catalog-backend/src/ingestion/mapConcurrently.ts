// Maps an array with an asynchronous function, a few items at a time.

/** Results are in the order of `items`. The first rejection rejects the whole. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  async function work() {
    for (const [index, item] of entries) results[index] = await run(item);
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
