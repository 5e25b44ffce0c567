// Records the spans of a start: what was done when, for whom, and within what. Kept in columns, because wiring is made of thousands of them.
import type { StartupSpan, StartupSpanKind } from './StartupResult';

/** A span by its position. */
export type SpanId = number;

const OPEN = -1;
const NO_PARENT = -1;

/** The spans of one start, in the order in which they began. */
export class SpanRecorder {
  readonly beginAt = new Date();
  readonly #origin = performance.now();
  readonly #names: string[] = [];
  readonly #kinds: StartupSpanKind[] = [];
  readonly #owners: string[] = [];
  readonly #parents: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** The span that contains all others. */
  readonly whole: SpanId = this.begin('start', 'start', 'root', NO_PARENT);

  begin(kind: StartupSpanKind, name: string, owner: string, parent: SpanId): SpanId {
    this.#kinds.push(kind);
    this.#names.push(name);
    this.#owners.push(owner);
    this.#parents.push(parent);
    this.#ends.push(OPEN);
    return this.#starts.push(this.#now()) - 1;
  }

  end(span: SpanId): void {
    this.#ends[span] = this.#now();
  }

  /** When a span began, and how many milliseconds it took; up to now where it has not ended. */
  timesOf(span: SpanId): { beginAt: Date; resultAt: Date; durationMs: number } {
    const start = this.#starts[span]!;
    const end = this.#ends[span] === OPEN ? this.#now() : this.#ends[span]!;
    return { beginAt: this.#date(start), resultAt: this.#date(end), durationMs: end - start };
  }

  /** The steps within `span` that are still open, each within the one before: the last is what everything waits for. */
  openWithin(span: SpanId): string[] {
    const chain: string[] = [];
    let outer = span;
    for (;;) {
      const inner = this.#parents.findLastIndex((parent, at) => parent === outer && this.#ends[at] === OPEN);
      if (inner === -1) return chain;
      chain.push(this.#word(inner));
      outer = inner;
    }
  }

  /** All spans as objects. */
  list(): StartupSpan[] {
    return this.#names.map((name, id) => ({
      id,
      name,
      kind: this.#kinds[id]!,
      owner: this.#owners[id]!,
      start: this.#starts[id]!,
      ...(this.#ends[id] !== OPEN && { end: this.#ends[id]! }),
      ...(this.#parents[id] !== NO_PARENT && { parent: this.#parents[id]! }),
    }));
  }

  #word(span: SpanId): string {
    const name = this.#names[span]!;
    const kind = this.#kinds[span]!;
    if (kind === 'init') return `the init of plugin '${name}'`;
    return kind === 'hook' ? name : `${kind} '${name}'`;
  }

  #now(): number {
    return performance.now() - this.#origin;
  }

  #date(sinceBegin: number): Date {
    return new Date(this.beginAt.getTime() + sinceBegin);
  }
}
