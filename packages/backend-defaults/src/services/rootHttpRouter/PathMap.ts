// A map by path that finds the longest path which a URL begins with, at a cost that does not grow with either.

/** What {@link PathMap.find} finds. */
export interface FoundPath<T> {
  value: T;
  /** The part of the URL that is the path, as it was sent. */
  prefix: string;
  /** Pass this to `find` for the next shorter path. */
  next: number;
}

/** Paths match whole segments, ignoring case. Empty segments of a path that is set are left out. */
export class PathMap<T> {
  readonly #values = new Map<string, T>();
  /** The numbers of segments that paths have, longest first. */
  #depths: number[] = [];

  get(path: string): T | undefined {
    return this.#values.get(path) ?? this.#values.get(readPath(path).key);
  }

  set(path: string, value: T): void {
    const { key, depth } = readPath(path);
    this.#values.set(key, value);
    if (!this.#depths.includes(depth)) {
      this.#depths = [...this.#depths, depth].sort((a, b) => b - a);
    }
  }

  delete(path: string): void {
    this.#values.delete(readPath(path).key);
  }

  /** The longest path; with `from`, the longest of those that are shorter than the one found before. */
  find(url: string, from = 0): FoundPath<T> | undefined {
    for (let i = from; i < this.#depths.length; i++) {
      const end = endOfSegments(url, this.#depths[i]!);
      if (end === -1) continue;
      const prefix = url.slice(0, end);
      const value = this.#values.get(prefix) ?? this.#values.get(prefix.toLowerCase());
      if (value !== undefined) return { value, prefix, next: i + 1 };
    }
    return undefined;
  }
}

const slash = 0x2f;
const questionMark = 0x3f;

/** Returns where the first `count` segments of a URL's path end, or -1 if it has fewer. */
function endOfSegments(url: string, count: number): number {
  let end = 0;
  for (let segment = 0; segment < count; segment++) {
    if (url.charCodeAt(end) !== slash) {
      return -1;
    }
    const start = ++end;
    for (let code = url.charCodeAt(end); end < url.length && code !== slash && code !== questionMark;) {
      code = url.charCodeAt(++end);
    }
    if (end === start) {
      return -1;
    }
  }
  return end;
}

function readPath(path: string): { key: string; depth: number } {
  const segments = path.split('/').filter(segment => segment !== '');
  return { key: segments.map(segment => `/${segment.toLowerCase()}`).join(''), depth: segments.length };
}
