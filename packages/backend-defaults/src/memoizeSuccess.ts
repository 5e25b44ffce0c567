// Lets something be done once, and again only where it failed.

/** A function that gives what `make` gave, once it has succeeded; calls at the same time share one attempt. */
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
