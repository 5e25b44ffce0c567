// Finds values in a parsed document that must be rejected before anything else looks at it.

const MAX_DEPTH = 100;
const MAX_WEIGHT = 10 * 1024 * 1024;
/** PostgreSQL can't store it, and a single such string would fail the statement for a whole batch of entities. */
const NUL_REASON = 'a text must not contain the character NUL';

/** Keys and indexes from the root of the document. */
export type ValuePath = readonly (string | number)[];

/** The path of the offending value, and what is wrong with it. */
export interface ValueProblem {
  readonly path: ValuePath;
  readonly reason: string;
}

/**
 * Checks that `value` is JSON of a reasonable size and depth: aliases can turn a small file into an endless or
 * enormous value, and tags can create values that JSON can't represent.
 */
export function findUnfitValue(value: unknown): ValueProblem | undefined {
  let weight = 0;

  function visit(current: unknown, path: (string | number)[]): ValueProblem | undefined {
    weight += typeof current === 'string' ? current.length + 8 : 8;
    if (weight > MAX_WEIGHT)
      return { path: [], reason: 'the document becomes too large when its aliases are expanded' };
    if (path.length > MAX_DEPTH) return { path, reason: `nested deeper than ${MAX_DEPTH} levels` };
    if (typeof current === 'string' && current.includes('\0')) return { path, reason: NUL_REASON };
    if (current === null || typeof current === 'string' || typeof current === 'boolean') return undefined;
    if (typeof current === 'number') {
      return Number.isFinite(current) ? undefined : { path, reason: `${current} has no form in JSON` };
    }
    if (Array.isArray(current)) return visitAll(current.entries(), path);
    if (Object.getPrototypeOf(current) !== Object.prototype) {
      return { path, reason: 'a value of this YAML tag has no form in JSON' };
    }
    return visitAll(Object.entries(current as object), path);
  }

  function visitAll(entries: Iterable<[string | number, unknown]>, path: (string | number)[]) {
    for (const [key, child] of entries) {
      if (key === '__proto__') return { path: [...path, key], reason: "a key must not be '__proto__'" };
      if (typeof key === 'string' && key.includes('\0')) return { path: [...path, key], reason: NUL_REASON };
      weight += typeof key === 'string' ? key.length : 0;
      const problem = visit(child, [...path, key]);
      if (problem) return problem;
    }
    return undefined;
  }

  return visit(value, []);
}
