// Finds and masks many secrets in a text, in a time that grows with its length: an Aho-Corasick automaton behind a filter.

const mask = '***';
const multiplier = 0x9e3779b1;

/**
 * A matcher built once for a fixed set of secrets.
 *
 * Most positions of a text only pass the filter: a bit set of the hashes of every secret's first characters, its
 * prefix. The automaton runs only from where a whole prefix occurs, and only as long as what it has matched is at
 * least as long as a prefix, so its larger tables are rarely touched.
 */
export class SecretMatcher {
  // The states that follow on a state are linked lists; 0 ends one, as nothing leads to the root.
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  /** The character that leads to the state. */
  readonly #code: Uint16Array;
  /** Characters read since the root. */
  readonly #depth: Int32Array;
  /** The state of the longest proper suffix. */
  readonly #fail: Int32Array;
  /** Length of the longest secret that ends in the state; 0 if none does. */
  readonly #longest: Int32Array;
  readonly #filter: Int32Array;
  readonly #filterShift: number;
  readonly #prefixLength: number;
  readonly #prefixMask: number;

  /** `secrets` must be distinct and not empty, and there must be at least one. */
  constructor(secrets: readonly string[]) {
    let size = 1;
    let shortest = Infinity;
    for (const secret of secrets) {
      size += secret.length;
      shortest = Math.min(shortest, secret.length);
    }
    this.#firstChild = new Int32Array(size);
    this.#nextSibling = new Int32Array(size);
    this.#code = new Uint16Array(size);
    this.#depth = new Int32Array(size);
    this.#fail = new Int32Array(size);
    this.#longest = new Int32Array(size);
    // About a hundred bits per secret keep false hits near one percent. The limit is what fits well into a processor's cache.
    const filterBits = Math.min(Math.ceil(Math.log2(secrets.length)) + 7, 20);
    this.#filter = new Int32Array(1 << (filterBits - 5));
    this.#filterShift = 32 - filterBits;
    this.#prefixLength = Math.min(4, shortest);
    // The rolling hash shifts a character by eight bits per step; the mask drops those before the prefix.
    this.#prefixMask = this.#prefixLength === 4 ? -1 : (1 << (this.#prefixLength * 8)) - 1;
    this.#build(secrets, size);
  }

  /** Replaces every stretch of the text that is covered by secrets with `***`. */
  mask(text: string): string {
    const found = this.#find(text);
    if (!found) return text;
    let result = '';
    let position = 0;
    for (let index = 0; index < found.length; index += 2) {
      result += text.slice(position, found[index]) + mask;
      position = found[index + 1]!;
    }
    return result + text.slice(position);
  }

  /** Starts and ends of these stretches, in order and disjoint. */
  #find(text: string): number[] | undefined {
    let found: number[] | undefined;
    let state = 0;
    let position = 0;
    for (;;) {
      if (this.#depth[state]! < this.#prefixLength) {
        // Anything that begins within the last characters read has to be found by the filter again.
        const candidate = this.#nextCandidate(text, position - this.#depth[state]!);
        if (candidate < 0) return found;
        state = this.#afterPrefix(text, candidate);
        position = candidate + (state > 0 ? this.#prefixLength : 1);
      } else if (position < text.length) {
        state = this.#step(state, text.charCodeAt(position++));
      } else {
        return found;
      }
      const length = this.#longest[state]!;
      if (length > 0) addStretch((found ??= []), position - length, position);
    }
  }

  #nextCandidate(text: string, from: number): number {
    const filter = this.#filter;
    const prefixMask = this.#prefixMask;
    const length = this.#prefixLength;
    let hash = 0;
    let end = from;
    for (; end < from + length - 1; end++) hash = (hash << 8) ^ text.charCodeAt(end);
    for (; end < text.length; end++) {
      hash = (hash << 8) ^ text.charCodeAt(end);
      const bit = Math.imul(hash & prefixMask, multiplier) >>> this.#filterShift;
      if ((filter[bit >>> 5]! >>> (bit & 31)) & 1) return end - length + 1;
    }
    return -1;
  }

  /** The state after the prefix that begins at `from`, or 0 if the filter was wrong about it. */
  #afterPrefix(text: string, from: number): number {
    let state = this.#next(0, text.charCodeAt(from));
    for (let index = from + 1; index < from + this.#prefixLength && state > 0; index++) {
      state = this.#next(state, text.charCodeAt(index));
    }
    return state;
  }

  #step(from: number, code: number): number {
    let state = from;
    for (;;) {
      const next = this.#next(state, code);
      if (next > 0 || state === 0) return next;
      state = this.#fail[state]!;
    }
  }

  /** The state that follows on a state by a character, or 0 if none does. */
  #next(state: number, code: number): number {
    let next = this.#firstChild[state]!;
    while (next > 0 && this.#code[next] !== code) next = this.#nextSibling[next]!;
    return next;
  }

  #build(secrets: readonly string[], size: number): void {
    const parent = new Int32Array(size);
    const byDepth: number[][] = [];
    let states = 1;
    for (const secret of secrets) {
      let state = 0;
      let hash = 0;
      for (let index = 0; index < secret.length; index++) {
        const code = secret.charCodeAt(index);
        if (index < this.#prefixLength) hash = (hash << 8) ^ code;
        let next = this.#next(state, code);
        if (next === 0) {
          next = states++;
          this.#code[next] = code;
          this.#nextSibling[next] = this.#firstChild[state]!;
          this.#firstChild[state] = next;
          parent[next] = state;
          this.#depth[next] = index + 1;
          (byDepth[index] ??= []).push(next);
        }
        state = next;
      }
      this.#longest[state] = secret.length;
      const bit = Math.imul(hash & this.#prefixMask, multiplier) >>> this.#filterShift;
      this.#filter[bit >>> 5]! |= 1 << (bit & 31);
    }
    // By depth, because a suffix is shorter than the string that it ends. States of depth one fall back to the root.
    for (const level of byDepth.slice(1)) {
      for (const state of level) {
        const fail = this.#step(this.#fail[parent[state]!]!, this.#code[state]!);
        this.#fail[state] = fail;
        this.#longest[state] ||= this.#longest[fail]!;
      }
    }
  }
}

function addStretch(found: number[], start: number, end: number): void {
  let first = start;
  // A longer secret may overlap stretches found before.
  while (found.length > 0 && found.at(-1)! >= first) {
    found.pop();
    first = Math.min(first, found.pop()!);
  }
  found.push(first, end);
}
