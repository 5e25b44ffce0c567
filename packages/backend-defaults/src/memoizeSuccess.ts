// Does something once, and again only if it failed.

/** Returns a function that caches the result of `make` once it has succeeded. Concurrent calls share one attempt. */
export function memoizeSuccess<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch(error => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
