// Finds what a parsed document must not hold before anything else looks at it.

const MAX_DEPTH = 100;
const MAX_WEIGHT = 10 * 1024 * 1024;
/** PostgreSQL can't store it: one such text would keep all entities out. */
const NUL_REASON = 'a text must not contain the character NUL';

/** Keys and indexes from the top of the document. */
export type ValuePath = readonly (string | number)[];

/** Where the culprit is, and what is wrong with it. */
export interface ValueProblem {
  readonly path: ValuePath;
  readonly reason: string;
}

/**
 * Checks that `value` is JSON of a bearable size and depth: aliases can make a small file into an endless or enormous
 * value, and tags can make values that JSON has no word for.
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
