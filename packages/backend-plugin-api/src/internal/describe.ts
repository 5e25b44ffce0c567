// Says in few words what a value is, for messages.

/** What a value is, in few words. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string '${value.slice(0, 60)}'`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return value.name ? `the function '${value.name}'` : 'a function';
  if (typeof value !== 'object') return `the ${typeof value} ${String(value)}`;
  const keys = Object.keys(value);
  return keys.length > 0 ? `an object with ${keys.slice(0, 5).join(', ')}` : 'an empty object';
}
