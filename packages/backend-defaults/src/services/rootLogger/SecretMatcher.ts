// Finds and masks many secrets in a text in linear time: an Aho-Corasick automaton behind a filter.

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
  // Transitions as an open-addressing hash table (state, character) -> state; a dense one would take too much memory.
  readonly #slotState: Int32Array;
  readonly #slotCode: Uint16Array;
  readonly #slotNext: Int32Array;
  readonly #slotMask: number;
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
    const slots = 1 << Math.ceil(Math.log2(size * 1.5));
    this.#slotMask = slots - 1;
    this.#slotState = new Int32Array(slots).fill(-1);
    this.#slotCode = new Uint16Array(slots);
    this.#slotNext = new Int32Array(slots);
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
        position = state < 0 ? candidate + 1 : candidate + this.#prefixLength;
        if (state < 0) {
          state = 0;
          continue;
        }
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

  /** The state after the prefix that begins at `from`, or -1 if the filter was wrong about it. */
  #afterPrefix(text: string, from: number): number {
    let state = 0;
    for (let index = from; index < from + this.#prefixLength && state >= 0; index++) {
      state = this.#next(state, text.charCodeAt(index));
    }
    return state;
  }

  #step(from: number, code: number): number {
    let state = from;
    for (;;) {
      const next = this.#next(state, code);
      if (next >= 0) return next;
      if (state === 0) return 0;
      state = this.#fail[state]!;
    }
  }

  #next(state: number, code: number): number {
    const slot = this.#slotOf(state, code);
    return this.#slotState[slot] === -1 ? -1 : this.#slotNext[slot]!;
  }

  /** The slot that holds the transition, or else the free slot for it. */
  #slotOf(state: number, code: number): number {
    let slot = (Math.imul(state, multiplier) ^ Math.imul(code, 0x85ebca6b)) >>> 7;
    for (slot &= this.#slotMask; ; slot = (slot + 1) & this.#slotMask) {
      const owner = this.#slotState[slot];
      if (owner === -1 || (owner === state && this.#slotCode[slot] === code)) return slot;
    }
  }

  #build(secrets: readonly string[], size: number): void {
    const parent = new Int32Array(size);
    const codeOf = new Uint16Array(size);
    const byDepth: number[][] = [];
    let states = 1;
    for (const secret of secrets) {
      let state = 0;
      let hash = 0;
      for (let index = 0; index < secret.length; index++) {
        const code = secret.charCodeAt(index);
        if (index < this.#prefixLength) hash = (hash << 8) ^ code;
        const slot = this.#slotOf(state, code);
        if (this.#slotState[slot] === -1) {
          this.#slotState[slot] = state;
          this.#slotCode[slot] = code;
          this.#slotNext[slot] = states;
          parent[states] = state;
          codeOf[states] = code;
          this.#depth[states] = index + 1;
          (byDepth[index] ??= []).push(states++);
        }
        state = this.#slotNext[slot]!;
      }
      this.#longest[state] = secret.length;
      const bit = Math.imul(hash & this.#prefixMask, multiplier) >>> this.#filterShift;
      this.#filter[bit >>> 5]! |= 1 << (bit & 31);
    }
    // By depth, because a suffix is shorter than the string that it ends. States of depth one fall back to the root.
    for (const level of byDepth.slice(1)) {
      for (const state of level) {
        const fail = this.#step(this.#fail[parent[state]!]!, codeOf[state]!);
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
