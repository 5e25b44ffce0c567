// Removes unset options, for code that treats any existing key as set.

/** A copy without the keys whose value is `undefined`. */
export function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
