// Takes out of options what is not set, for whoever takes a key that is there for one that is.

/** A copy without the keys whose value is `undefined`. */
export function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
